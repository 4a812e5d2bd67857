import type { Backoff } from '@evenkeel/retry'
import { Kernel } from '../src/kernel/kernel.ts'
import { RandomStream } from '../src/random/random-stream.ts'

/**
 * The model of aws-samples/aws-arch-backoff-simulator, the one behind "Exponential Backoff And Jitter":
 * clients that each want to write one row once, under optimistic concurrency control, over a network
 * with delays of N(10, 2) ms. Gives the writes that were tried until all were done.
 */
export function occCalls(clients: number, backoff: Backoff, seed: number): number {
  const kernel = new Kernel()
  const stream = new RandomStream(seed, 'network')
  const { random } = stream
  let version = 0
  let calls = 0
  const read: number[] = new Array(clients).fill(0)
  const tries: number[] = new Array(clients).fill(0)
  const delays: (number | undefined)[] = new Array(clients).fill(undefined)

  /** A normal delay, as the sum of twelve even ones. */
  function networkMs(): number {
    let sum = -6
    for (let each = 0; each < 12; each++) sum += stream.next()
    return Math.abs(10 + 2 * sum)
  }

  const after = (delayMs: number, kind: number, client: number): void =>
    kernel.at(kernel.nowMs + delayMs, kind, client)
  const readAtServer = kernel.on((client) => {
    read[client] = version
    after(networkMs(), readDone, client)
  })
  const readDone = kernel.on((client) => after(networkMs(), writeAtServer, client))
  const writeAtServer = kernel.on((client) => {
    calls++
    const isNewest = read[client] === version
    if (isNewest) version++
    after(networkMs(), isNewest ? done : lost, client)
  })
  const done = kernel.on(() => {})
  const lost = kernel.on((client) => {
    const retry = ++(tries[client] as number)
    delays[client] = backoff({ retry, previousDelayMs: delays[client], error: undefined, random })
    after(networkMs() + (delays[client] as number), readAtServer, client)
  })
  for (let client = 0; client < clients; client++) after(networkMs(), readAtServer, client)
  kernel.run(Infinity)
  return calls
}
