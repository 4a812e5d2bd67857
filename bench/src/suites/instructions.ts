import { countInstructions, valgrindVersion } from '../instructions/count-instructions.ts'
import { counted } from '../instructions/counted.ts'
import { describeTarget } from '../race/describe-target.ts'
import type { Report, Row, Table } from '../report/report.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const title = 'instructions per call, counted by valgrind’s callgrind'

async function run({ progress }: SuiteOptions): Promise<Report> {
  const version = await valgrindVersion()
  const notes = version
    ? [`With the JIT, by ${version}: neither a busy machine nor a fast one changes them.`]
    : ['Skipped: valgrind is not installed (on Debian: apt-get install valgrind).']
  const tables: Table[] = []
  for (const table of version ? Object.keys(counted) : []) {
    const rows: Row[] = []
    let first = 0
    for (const { name, target } of counted[table] ?? []) {
      progress(`instructions: ${name}`)
      const instructions = await countInstructions(table, name)
      first ||= instructions
      const ratio = instructions / first
      rows.push([name, instructions, ratio, instructions - first, describeTarget(ratio, target)])
    }
    tables.push({ columns: [table, 'instructions', '×', 'added', 'target'], rows })
  }
  return { suite: 'instructions', title, notes, tables }
}

export const instructions: Suite = { name: 'instructions', title, run }
