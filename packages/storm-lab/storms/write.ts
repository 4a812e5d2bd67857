// Writes docs/storms.md from runs: node write.ts [--workers=2] [--out=FILE] [--kept=FILE of outcomes, to go on from]
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { newLab, type Outcomes } from './lab.ts'
import { page } from './page.ts'

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: String(availableParallelism()) },
    out: {
      type: 'string',
      default: fileURLToPath(new URL('../../../docs/storms.md', import.meta.url)),
    },
    kept: { type: 'string' },
  },
})
const { workers, out, kept } = values
const outcomes: Outcomes = new Map(
  kept && existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : [],
)
let runs = 0
const lab = newLab(Number(workers), outcomes, () => {
  runs++
  if (kept) writeFileSync(kept, JSON.stringify([...outcomes]))
  if (process.stderr.isTTY) process.stderr.write(`\r${runs} runs`)
})
writeFileSync(out, await page(lab))
console.log(`${out}: ${outcomes.size} outcomes, ${runs} of them new`)
