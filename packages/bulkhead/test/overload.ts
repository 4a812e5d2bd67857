import { type Priority, run } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { type BulkheadOptions, bulkhead } from '../src/index.ts'

/** How the calls of a kind fared. */
export class Tally {
  calls = 0
  done = 0
  /** How long each waited that started, and each that was shed. */
  readonly startedAfterMs: number[] = []
  readonly shedAfterMs: number[] = []

  get share(): number {
    return this.done / this.calls
  }

  /** The wait that so many of those that started did not exceed. */
  waitMs(quantile: number): number {
    const sorted = [...this.startedAfterMs].sort((a, b) => a - b)
    return sorted[Math.ceil(sorted.length * quantile) - 1] ?? NaN
  }

  toString(): string {
    const [median, p99, longest] = [0.5, 0.99, 1].map((quantile) =>
      this.waitMs(quantile).toFixed(0),
    )
    return `${(100 * this.share).toFixed(2)} % of ${this.calls} succeed, waits p50 ${median} p99 ${p99} longest ${longest} ms`
  }
}

/** A server with ten places, a tenth of a second a call: a hundred calls a second. */
export const capacityPerSecond = 100

/** Calls come by chance for a minute; `loads` says of each kind how many for each that there is room for. */
export async function overload(
  loads: readonly (readonly [Priority, number])[],
  options: BulkheadOptions,
  asCalled: (priority: Priority) => Priority = (priority) => priority,
): Promise<Record<Priority, Tally>> {
  const clock = manualClock()
  const random = seededRandom(2022)
  const spreadMs = (meanMs: number): number => -Math.log(1 - random()) * meanMs
  const policy = bulkhead({ clock, limit: 10, ...options })
  const tallies = { critical: new Tally(), important: new Tally(), deferred: new Tally() }

  function call(kind: Priority): void {
    const tally = tallies[kind]
    const cameMs = clock.now()
    tally.calls++
    const action = async (): Promise<void> => {
      tally.startedAfterMs.push(clock.now() - cameMs)
      const endMs = clock.now() + spreadMs(100)
      await new Promise<void>((resolve) => clock.scheduleAt(endMs, resolve))
      tally.done++
    }
    run(policy, action, { clock, priority: asCalled(kind) }).catch(() => {
      tally.shedAfterMs.push(clock.now() - cameMs)
    })
  }

  const comings: [atMs: number, kind: Priority][] = []
  for (const [kind, load] of loads)
    for (let atMs = 0; atMs < 60_000; atMs += spreadMs(1000 / (load * capacityPerSecond)))
      comings.push([atMs, kind])
  comings.sort(([a], [b]) => b - a)
  /** One after another: a queue of all would take longer to serve than the calls. */
  function comeOn(): void {
    const next = comings.pop()
    if (!next) return
    const [atMs, kind] = next
    clock.scheduleAt(atMs, () => {
      comeOn()
      call(kind)
    })
  }
  comeOn()
  await clock.runAll()
  return tallies
}
