// Prints the figures of the storm lab's targets: node figures.ts [section…] [--scale=0.02] [--only=scenario]
import process from 'node:process'
import { parseArgs } from 'node:util'
import { cascadeTable } from './cascade-table.ts'
import { determinism, digests } from './determinism.ts'
import { everyRate } from './every-rate.ts'
import { hints } from './hints.ts'
import { mixedFleets } from './mixed-fleets.ts'
import { sockets } from './sockets.ts'
import { speed } from './speed.ts'

/** `scale` is the part of the incident's backend that is simulated; `only` the one scenario whose speed is of interest. */
type Section = (scale: number, only: string | undefined) => Promise<void>

const sections: Readonly<Record<string, Section>> = {
  cascade: cascadeTable,
  rates: everyRate,
  hints,
  mixed: mixedFleets,
  sockets,
  speed,
  determinism,
}

/** Sections that only come when they are asked for. */
const further: Readonly<Record<string, Section>> = { digests }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { scale: { type: 'string', default: '0.02' }, only: { type: 'string' } },
})
for (const name of positionals.length ? positionals : Object.keys(sections)) {
  const section = sections[name] ?? further[name]
  if (!section) {
    console.error(`There is no section '${name}', only ${Object.keys(sections).join(', ')}`)
    process.exit(2)
  }
  console.log(`\n## ${name}\n`)
  await section(Number(values.scale), values.only)
}
