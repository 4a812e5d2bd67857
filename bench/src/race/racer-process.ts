// A contender in a process of its own: makes as many calls as it is told, and says what they cost.
import process from 'node:process'
import { races } from '../suites/races.ts'
import type { BatchCost } from './racer.ts'
import { runBeside } from './run-beside.ts'

const [suite = '', name = '', url = ''] = process.argv.slice(2)
const race = races[suite]
const contender = race?.contenders.find((each) => each.name === name)
if (!race || !contender) throw new Error(`no contender ${name} in suite ${suite}`)
const [first] = race.contenders
const together = race.isPaired && first && first !== contender ? [contender, first] : [contender]
const calls = await Promise.all(
  together.map((each) => each.prepare({ url, processId: process.pid })),
)

process.on('message', async (count: number) => {
  const [own, beside] = await runBeside(calls, count, race.inFlight)
  const cost = { ...own, besideCpuUs: beside?.cpuUs } as BatchCost
  process.send?.(cost)
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
