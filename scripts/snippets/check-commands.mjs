// The npm, npx, pnpm and node lines of `sh` fences must name what exists.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readWorkspace } from '../layers/read-workspace.mjs'

/** @import { Fence } from './extract-fences.mjs' */

const npmCommands = ['ci', 'exec', 'pack', 'publish']
const pnpmCommands = [...npmCommands, 'install', 'i', 'add', 'dlx', 'update', 'outdated', 'audit']

/** @type {(root: string) => (fence: Fence) => string[]} */
export function commandChecker(root) {
  const members = readWorkspace(root)
  const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const bins = new Set([
    ...readdirSync(join(root, 'node_modules/.bin')),
    ...members.flatMap(({ manifest }) => Object.keys(/** @type {any} */ (manifest).bin ?? {})),
  ])
  const names = members.map(({ manifest }) => manifest.name)

  /** @type {(folder: string) => Record<string, string>} */
  function scripts(folder) {
    const path = join(root, folder, 'package.json')
    if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')).scripts ?? {}
    return folder === '.' ? {} : scripts(dirname(folder))
  }

  /** @type {(spec: string) => boolean} */
  function isInstallable(spec) {
    const name = spec.replace(/(?!^)@[^/]*$/, '')
    return names.includes(name) || new RegExp(`^ +"?${name}"?:`, 'm').test(catalog)
  }

  /** @type {(words: string[], folder: string) => string | undefined} */
  function problem([program = '', ...args], folder) {
    const [first = '', ...rest] = args.filter((arg) => !arg.startsWith('-'))
    const known = { ...scripts('.'), ...scripts(folder) }
    if (program === 'node') {
      if (args.includes('-e') || args.includes('--eval') || !first) return undefined
      return [root, join(root, folder)].some((base) => existsSync(join(base, first)))
        ? undefined
        : `no file ${first}`
    }
    if (program === 'npx')
      return bins.has(first) || isInstallable(first) ? undefined : `no ${first}`
    if (['i', 'install', 'add'].includes(first)) {
      const unknown = rest.filter((name) => !isInstallable(name))
      return unknown.length > 0 ? `no package ${unknown.join(', ')} here` : undefined
    }
    if (args[0] === '--filter' || args[0] === '-F') {
      const member = members.find(({ manifest }) => manifest.name === args[1])
      if (!member) return `no package ${args[1]}`
      return problem([program, ...args.slice(2)], member.folder)
    }
    const script = first === 'run' || first === 'run-script' ? rest[0] : first
    if (script === undefined || script === '' || script in known) return undefined
    if (program === 'npm') return npmCommands.includes(first) ? undefined : `no script ${script}`
    return pnpmCommands.includes(first) || bins.has(first) ? undefined : `no script ${script}`
  }

  return ({ file, line, code }) =>
    code.split('\n').flatMap((text, index) =>
      text
        .replace(/(^|\s)#.*$/, '')
        .split(/&&|\|\||[|;]/)
        .map((command) => command.trim().replace(/^\$ /, '').split(/\s+/))
        .map((words) => words.slice(words.findIndex((word) => !/^\w+=/.test(word))))
        .filter(([program = '']) => ['npm', 'npx', 'pnpm', 'node'].includes(program))
        .flatMap((words) => {
          const found = problem(words, dirname(file))
          return found ? [`${file}:${line + index}: \`${words.join(' ')}\`: ${found}`] : []
        }),
    )
}
