import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { UsageError } from './known.ts'

/** Where a module is, as a person would write it. */
export function shownPath(url: string): string {
  const path = fileURLToPath(url)
  const folder = `${process.cwd()}/`
  return path.startsWith(folder) ? path.slice(folder.length) : path
}

/**
 * The default export of a module.
 *
 * @throws `UsageError` if it does not load, or has none; `example` says what it might look like
 */
export async function importDefault(url: string, example: string): Promise<unknown> {
  const path = shownPath(url)
  if (!existsSync(new URL(url))) throw new UsageError(`there is no file ${path}`)
  let module: { readonly default?: unknown }
  try {
    module = await import(url)
  } catch (error) {
    throw new UsageError(`${path} does not load: ${reasonOf(error, path)}`, { cause: error })
  }
  const found = ownDefault(module.default)
  if (found === undefined) throw new UsageError(`${path} has no default export. ${example}`)
  return found
}

/** What compilers make of `export default` in CommonJS is a property of what Node.js takes for the default export. */
function ownDefault(found: unknown): unknown {
  const { __esModule: isCompiled, default: own } = Object(found) as Record<string, unknown>
  return isCompiled ? own : found
}

function reasonOf(error: unknown, path: string): string {
  const { code, message = String(error) } = error as { code?: string; message?: string }
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' || code === 'ERR_UNKNOWN_MODULE_FORMAT')
    return `Node.js ${process.versions.node} reads no TypeScript; 22.18 and newer do, or write it in JavaScript`
  if (code === 'ERR_MODULE_NOT_FOUND' && message.includes("'@evenkeel/storm-lab'"))
    return 'it imports @evenkeel/storm-lab, which is not installed here: npm i -D @evenkeel/storm-lab'
  // npm init of npm 11 says that a package is CommonJS.
  if (/outside a module|^Unexpected token 'export'/.test(message))
    return `its package.json says that it is CommonJS: write "type": "module" there, or name it ${path.replace(/([jt]s)$/, 'm$1')}`
  return message.split('\n')[0] as string
}
