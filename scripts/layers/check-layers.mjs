import { join } from 'node:path'
import { checkFile, checkPackages } from './check-files.mjs'
import { checkImports, checkManifests } from './check-imports.mjs'
import { readSource } from './read-source.mjs'
import { readWorkspace } from './read-workspace.mjs'

/**
 * Every way in which the workspace at `root` departs from its own rules, one sentence each.
 *
 * @type {(root: string) => string[]}
 */
export function checkLayers(root) {
  const members = readWorkspace(root)
  const sources = new Map(
    members.flatMap(({ files }) => files).map((path) => [path, readSource(join(root, path))]),
  )
  const inPackages = [...sources].filter(([path]) => /^packages\/[^/]+\/src\//.test(path))
  return [
    ...checkManifests(members),
    ...checkImports(members, sources),
    ...inPackages.flatMap(([path, source]) => checkFile(path, source)),
    ...checkPackages(root, members),
  ]
}
