import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandChecker } from './check-commands.mjs'
import { checkTypes } from './check-types.mjs'
import { extractFences } from './extract-fences.mjs'
import { makePlayground } from './playground.mjs'
import { runFence } from './run-fence.mjs'

/** @import { Fence } from './extract-fences.mjs' */

const documents = [
  '{README,ARCHITECTURE,CONTRIBUTING}.md',
  '{packages,examples}/*/README.md',
  'bench/README.md',
  'docs/**/*.md',
]
const extensions = { ts: '.ts', js: '.mjs', cjs: '.cjs' }
const misspelt = ['typescript', 'tsx', 'javascript', 'jsx', 'mjs', 'bash', 'shell', 'console']

/** @type {(root: string) => Fence[]} */
function readFences(root) {
  return globSync(documents, { cwd: root, exclude: (path) => path === 'docs/api' })
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
    .flatMap((file) => extractFences(file, readFileSync(join(root, file), 'utf8')))
}

/**
 * Checks every fence of the documentation: types, then a run, then shell commands.
 *
 * @type {(root: string) => Promise<{ problems: string[], checked: number }>}
 */
export async function checkSnippets(root) {
  const fences = readFences(root)
  const folder = makePlayground(root)
  try {
    const checkCommands = commandChecker(root)
    const code = fences.filter(({ language }) => language in extensions)
    const files = code.map((fence) => prepare(folder, fence))
    const problems = [
      ...fences.flatMap(checkInfo),
      ...fences.filter(({ language }) => language === 'sh').flatMap(checkCommands),
      ...checkTypes(
        folder,
        files.filter(({ fence }) => fence.language === 'ts'),
      ),
    ]
    const waiting = files.filter(({ fence }) => !fence.note.startsWith('no-run'))
    async function work() {
      for (let next = waiting.shift(); next; next = waiting.shift())
        problems.push(...(await runFence(next.runPath, next.fence.code, next.place)))
    }
    await Promise.all([work(), work()])
    return { problems, checked: fences.length }
  } finally {
    rmSync(folder, { recursive: true, maxRetries: 3 })
  }
}

/** @type {(fence: Fence) => string[]} */
function checkInfo({ file, line, language, note }) {
  const where = `${file}:${line - 1}`
  if (misspelt.includes(language)) return [`${where}: write ts, js or sh, not ${language}`]
  if (!(language in extensions) || note === '') return []
  if (/^no-run \S/.test(note)) return []
  return [`${where}: "${note}" should be nothing, or "no-run" and the reason`]
}

/**
 * @typedef {object} Prepared
 * @property {Fence} fence
 * @property {string} path of its code as it is written
 * @property {string} runPath where it runs from
 * @property {(line: number) => string} place of a line of it, in the document
 */

/** @type {(folder: string, fence: Fence) => Prepared} */
function prepare(folder, fence) {
  const extension = extensions[/** @type {keyof typeof extensions} */ (fence.language)]
  const name = `${fence.file.replace(/\W+/g, '-')}-${fence.line}${extension}`
  const path = join(folder, name)
  const runPath = join(folder, 'run', name)
  writeFileSync(path, fence.code)
  mkdirSync(join(folder, 'run'), { recursive: true })
  return { fence, path, runPath, place: (line) => `${fence.file}:${fence.line + line - 1}` }
}
