// The packages and programs of a workspace: their manifests and source files.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} [description]
 * @property {Record<string, string | Record<string, string>>} [exports]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 */
/**
 * @typedef {object} Member
 * @property {string} folder from the root, with slashes: `packages/core`
 * @property {Manifest} manifest
 * @property {string[]} files TypeScript and JavaScript, from the root
 */

const code = '**/*.{ts,tsx,mts,js,mjs}'
const generated = /(^|\/)(node_modules|dist|coverage)(\/|$)/

/** @type {(root: string) => Member[]} */
export function readWorkspace(root) {
  return globSync(['packages/*/package.json', 'examples/*/package.json', 'bench/package.json'], {
    cwd: root,
  })
    .map((path) => dirname(path).replaceAll('\\', '/'))
    .sort()
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')),
      files: globSync(`${folder}/${code}`, { cwd: root, exclude: (path) => generated.test(path) })
        .map((path) => path.replaceAll('\\', '/'))
        .sort(),
    }))
}

/** @type {(root: string, path: string) => any} */
export function readJson(root, path) {
  const file = join(root, path)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
