// Fails when a code fence of the documentation no longer compiles, runs, or names
// a command that exists.
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { checkSnippets } from './snippets/check-snippets.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { problems, checked } = await checkSnippets(root)
for (const problem of problems) console.error(problem)
console.log(`${checked} fences, ${problems.length} problems`)
process.exit(problems.length > 0 ? 1 : 0)
