// A contender in a process of its own: makes as many calls as it is told, and says what they cost.
import process from 'node:process'
import { races } from '../suites/races.ts'
import type { BatchCost } from './racer.ts'
import { type Runner, runBeside } from './run-beside.ts'

const [suite = '', name = '', url = ''] = process.argv.slice(2)
const race = races[suite]
const contender = race?.contenders.find((each) => each.name === name)
if (!race || !contender) throw new Error(`no contender ${name} in suite ${suite}`)
const { inFlight } = race
const [first] = race.contenders
const together = race.isPaired && first && first !== contender ? [contender, first] : [contender]
const runners = await Promise.all(
  together.map(async (each, place): Promise<Runner> => {
    // Each has a copy of the loop: in a common one the compiler would know neither what it calls.
    const { runCalls } = (await import(
      `./run-calls.ts?${place}`
    )) as typeof import('./run-calls.ts')
    const call = await each.prepare({ url, processId: process.pid, copy: place })
    return (count) => runCalls(call, count, inFlight)
  }),
)

/** As many calls of the first contender take as long as one of its own: both then have turns of the same length. */
let exchange = 1

process.on('message', async (count: number) => {
  const besideCount = inFlight * Math.ceil((count * exchange) / inFlight)
  const [own, beside] = await runBeside(runners, [count, besideCount], inFlight)
  const besideCpuUs = beside && (beside.cpuUs * count) / besideCount
  if (own && besideCpuUs) exchange = own.cpuUs / besideCpuUs
  process.send?.({ ...own, besideCpuUs } as BatchCost)
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
