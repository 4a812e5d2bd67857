// A contender in a process of its own: makes as many calls as it is told, and says what they cost.
import process from 'node:process'
import { races } from '../suites/races.ts'
import type { BatchCost } from './racer.ts'
import { runCalls } from './run-calls.ts'

const [suite = '', name = '', url = ''] = process.argv.slice(2)
const race = races[suite]
const contender = race?.contenders.find((each) => each.name === name)
if (!race || !contender) throw new Error(`no contender ${name} in suite ${suite}`)
const call = await contender.prepare({ url, processId: process.pid })

process.on('message', async (count: number) => {
  const startMs = performance.now()
  const before = process.cpuUsage()
  await runCalls(call, count, race.inFlight)
  const { user, system } = process.cpuUsage(before)
  const cost: BatchCost = { cpuUs: user + system, wallMs: performance.now() - startMs }
  process.send?.(cost)
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
