// A folder outside the workspace in which the packages, and all that they depend
// on, can be imported by name, as they can where a reader pastes the code.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { readWorkspace } from '../layers/read-workspace.mjs'

/** @type {(root: string) => string} */
export function makePlayground(root) {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-snippets-'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const members = readWorkspace(root)
  for (const { folder: member, manifest } of members)
    link(folder, manifest.name, join(root, member))
  // One catalog gives every member the same versions, so it doesn't matter whose link is taken.
  for (const member of ['.', ...members.map((member) => member.folder)]) {
    const modules = join(root, member, 'node_modules')
    for (const name of installed(modules)) link(folder, name, join(modules, name))
  }
  return folder
}

/** @type {(modules: string) => string[]} */
function installed(modules) {
  if (!existsSync(modules)) return []
  return readdirSync(modules).flatMap((name) => {
    if (name.startsWith('.')) return []
    if (!name.startsWith('@')) return [name]
    return readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`)
  })
}

/** @type {(folder: string, name: string, target: string) => void} */
function link(folder, name, target) {
  const path = join(folder, 'node_modules', name)
  if (existsSync(path)) return
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(resolve(target), path, 'junction')
}
