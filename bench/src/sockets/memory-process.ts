// Opens many connections of one kind, and says what each holds.
import process from 'node:process'
import { setImmediate as turn } from 'node:timers/promises'
import type { ConnectionMemory } from './measure-memory.ts'
import { type Wire, wireKinds } from './wires.ts'

const [name, url = '', number] = process.argv.slice(2)
const kind = wireKinds.find((each) => each.name === name)
if (!kind || !global.gc) throw new Error(`no contender ${name}, or no --expose-gc`)
const open = await kind.load()
const wires: Wire[] = []

/** Some at a time, so that no dial waits long enough to be made again. */
async function openMore(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 50) {
    const few = Array.from({ length: Math.min(left, 50) }, () => open(url, () => {}))
    wires.push(...(await Promise.all(few)))
  }
}

async function held(): Promise<ConnectionMemory> {
  for (let round = 0; round < 6; round++) {
    await turn()
    global.gc?.()
  }
  const { heapUsed, rss } = process.memoryUsage()
  return { heapBytes: heapUsed, rssBytes: rss }
}

// The first ones load code, which is not what a connection holds.
await openMore(100)
const before = await held()
const count = Number(number)
await openMore(count)
const after = await held()
const memory: ConnectionMemory = {
  heapBytes: (after.heapBytes - before.heapBytes) / count,
  rssBytes: (after.rssBytes - before.rssBytes) / count,
}
process.send?.(memory, () => process.exit(wires.length > 0 ? 0 : 1))
