// Parks many calls on one signal, and says what they hold and how long it takes to be rid of them.
import { getEventListeners, setMaxListeners } from 'node:events'
import process from 'node:process'
import { setImmediate as turn } from 'node:timers/promises'
import type { WaitingCost } from './measure-waiting.ts'
import { parked } from './parked.ts'

const [name, number] = process.argv.slice(2)
const count = Number(number)
const contender = parked.find((each) => each.name === name)
if (!contender || !global.gc) throw new Error(`no contender ${name}, or no --expose-gc`)
const call = await contender.prepare()

/** What the heap holds when nothing can be collected any more. */
async function heldBytes(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    await turn()
    global.gc?.()
  }
  return process.memoryUsage().heapUsed
}

// Its first calls load code, which is not what a call holds.
const first = new AbortController()
const early = Array.from({ length: 200 }, () => call(first.signal).catch(() => {}))
await turn()
first.abort(new Error('over'))
await Promise.race([Promise.all(early), turn()])

const controller = new AbortController()
const { signal } = controller
setMaxListeners(0, signal)
const reason = new Error('over')
let aborted = 0
const settled = (error: unknown): void => {
  if (error === reason) aborted++
}
const before = await heldBytes()
const started = process.cpuUsage()
const calls = Array.from({ length: count }, () => call(signal).then(settled, settled))
for (let round = 0; round < 20; round++) await turn()
const { user, system } = process.cpuUsage(started)
const heapBytes = (await heldBytes()) - before
const listeners = getEventListeners(signal, 'abort').length

const ending = process.cpuUsage()
controller.abort(reason)
const all = Promise.all(calls)
for (let round = 0; round < 50 && aborted < count; round++) await Promise.race([all, turn()])
const ended = process.cpuUsage(ending)
const cost: WaitingCost = {
  cpuNs: ((user + system) * 1000) / count,
  heapBytes: heapBytes / count,
  listeners,
  abortMs: (ended.user + ended.system) / 1000,
  aborted: aborted / count,
}
process.send?.(cost, () => process.exit())
