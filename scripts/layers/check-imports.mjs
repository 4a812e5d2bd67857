// Who may import whom.
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import {
  allowedBy,
  isAllowed,
  isUniversal,
  keptLibraries,
  layerOf,
  nodeFolders,
} from './layers.mjs'

/** @import { Member } from './read-workspace.mjs' */
/** @import { Source } from './read-source.mjs' */

/** @type {(specifier: string) => [name: string, subpath: string]} */
function split(specifier) {
  const parts = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  return [parts.slice(0, length).join('/'), ['.', ...parts.slice(length)].join('/')]
}

/**
 * The edges that manifests declare.
 *
 * @type {(members: Member[]) => string[]}
 */
export function checkManifests(members) {
  return members.flatMap((member) => {
    const { dependencies, devDependencies, peerDependencies, optionalDependencies } =
      member.manifest
    const atRuntime = { ...dependencies, ...peerDependencies, ...optionalDependencies }
    const names = Object.keys({ ...devDependencies, ...atRuntime })
    const where = `${member.folder}/package.json`
    const problems = names.flatMap((name) =>
      checkEdge({ where, member, members }, 'depends on', name),
    )
    if (layerOf(member.folder) === 'core' && Object.keys(atRuntime).length > 0)
      problems.push(`${where}: core has no runtime dependency, got ${Object.keys(atRuntime)}`)
    return problems
  })
}

/**
 * @typedef {object} Edge
 * @property {string} where the file and line, or the manifest
 * @property {Member} member
 * @property {Member[]} members
 */

/** @type {(edge: Edge, verb: string, name: string) => string[]} */
function checkEdge({ where, member, members }, verb, name) {
  const target = members.find(({ manifest }) => manifest.name === name)
  const kept = keptLibraries.find(({ library }) => library === name)
  const isKept = kept && ![kept.folder, kept.alsoIn].includes(member.folder)
  if (isKept && member.folder.startsWith('packages/'))
    return [`${where}: ${verb} ${name}, which only ${kept.folder} may`]
  const from = layerOf(member.folder)
  const to = target && layerOf(target.folder)
  if (!target || target === member || !from || !to || isAllowed(from, to)) return []
  return [`${where}: ${verb} ${name} (${to}), but ${from} may import ${allowedBy(from)}`]
}

/**
 * The edges that files make.
 *
 * @type {(members: Member[], sources: Map<string, Source>) => string[]}
 */
export function checkImports(members, sources) {
  const problems = members.flatMap((member) =>
    member.files.flatMap((file) =>
      (sources.get(file)?.imports ?? []).flatMap(({ text, line }) =>
        checkImport({ where: `${file}:${line}`, member, members }, file, text),
      ),
    ),
  )
  for (const { library, folder, files } of keptLibraries) {
    const users = [...sources].filter(
      ([path, { imports }]) =>
        path.startsWith(`${folder}/src/`) && imports.some(({ text }) => split(text)[0] === library),
    )
    const paths = users.map(([path]) => path).join(', ')
    if (users.length > files)
      problems.push(`${folder}: ${library} belongs in ${files} file, got ${paths}`)
  }
  return problems
}

/** @type {(edge: Edge, file: string, specifier: string) => string[]} */
function checkImport(edge, file, specifier) {
  const { where, member, members } = edge
  const isSource = file.startsWith(`${member.folder}/src/`)
  if (specifier.startsWith('.')) {
    const path = posix.join(posix.dirname(file), specifier)
    const isInside = path.startsWith(`${member.folder}/`)
    if (isInside || (!isSource && path.startsWith('test/'))) return []
    return [`${where}: reaches out of its package: ${specifier}`]
  }
  const layer = layerOf(member.folder)
  const isForNode = nodeFolders.some((folder) => file.startsWith(folder))
  if (isBuiltin(specifier))
    return isSource && layer && isUniversal(layer) && !isForNode
      ? [`${where}: imports ${specifier}, which browsers and workers lack`]
      : []
  const [name, subpath] = split(specifier)
  const target = members.find(({ manifest }) => manifest.name === name)
  const problems = checkEdge(edge, 'imports', name)
  if (target?.manifest.exports && !(subpath in target.manifest.exports))
    problems.push(`${where}: ${specifier} is not among the exports of ${name}`)
  return problems
}
