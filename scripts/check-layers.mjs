// Fails when an import, a file or a package breaks the rules of ARCHITECTURE.md.
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { checkLayers } from './layers/check-layers.mjs'

const problems = checkLayers(fileURLToPath(new URL('..', import.meta.url)))
for (const problem of problems) console.error(problem)
if (problems.length > 0) console.error(`\n${problems.length} broken rules`)
process.exit(problems.length > 0 ? 1 : 0)
