import { EvenkeelError } from '@evenkeel/core'
import { fakeTabs, manualClock, seededRandom } from '@evenkeel/core/testing'
import {
  createOutbox,
  type Outbox,
  type OutboxEntry,
  type OutboxStore,
  type PageTurn,
  pageTurn,
} from '../src/index.ts'
import { memoryStore } from '../src/memory.ts'

/** What one entry asks for. */
interface Order {
  readonly number: number
  readonly page: number
  readonly lane: string
  readonly isKeyed: boolean
}

export interface CrashRunOptions {
  readonly seed: number
  readonly entries: number
  /** At which calls of the store, counted over all pages, the page that makes the call dies. */
  readonly crashes?: ReadonlySet<number>
  /** At which calls the store fails, without effect. */
  readonly failures?: ReadonlySet<number>
  /** How often the server refuses, fails, or loses an answer, of a hundred. */
  readonly faults?: number
  readonly hasLocks?: boolean
}

/** What is left of a page when it is gone: nothing answers it any more. */
const never = new Promise<never>(() => {})

/**
 * Two pages over one store, which dies under them at the calls given, and a server that counts what it
 * is asked and what it applies: each key once, and whatever has no key each time.
 */
export async function crashRun({
  seed,
  entries,
  crashes = new Set(),
  failures = new Set(),
  faults = 10,
  hasLocks = true,
}: CrashRunOptions) {
  const clock = manualClock()
  const random = seededRandom(seed)
  const chance = (percent: number): boolean => random() * 100 < percent
  const place = memoryStore()
  const tabs = fakeTabs()

  const applied = new Map<number, number>()
  const appliedInLane = new Map<string, Order[]>()
  const keysSeen = new Set<string>()
  /** By whom each entry is being sent. */
  const inFlight = new Map<number, { readonly isGone: boolean }>()
  const promised: Order[] = []
  const reported = new Set<number>()
  const figures = { calls: 0, crashes: 0, requests: 0, replays: 0, overlaps: 0, refused: 0 }

  /** Serves a request; the answer is lost with `isLost`. */
  function serve(order: Order, key: string | undefined, isLost: boolean): void {
    figures.requests++
    if (chance(faults / 2))
      throw new EvenkeelError('UNAVAILABLE', '503', { transient: true, reached: 'yes' })
    if (key !== undefined && keysSeen.has(key)) figures.replays++
    else {
      if (key !== undefined) keysSeen.add(key)
      applied.set(order.number, (applied.get(order.number) ?? 0) + 1)
      const lane = appliedInLane.get(order.lane) ?? []
      appliedInLane.set(order.lane, [...lane, order])
    }
    if (isLost)
      throw new EvenkeelError('NETWORK_ERROR', 'no answer', { transient: true, reached: 'maybe' })
  }

  interface Page {
    readonly outbox: Outbox<Order>
    readonly isGone: boolean
  }

  function openPage(): Page {
    const self = { isGone: false }
    const tab = tabs.open()
    let turn: PageTurn | undefined
    /** Does a call of the store, unless it is the one at which the page dies: then before or after it. */
    async function call<V>(operate: () => Promise<V>): Promise<V> {
      if (self.isGone) return never
      const number = ++figures.calls
      if (failures.has(number)) throw new Error(`call ${number} of the store fails`)
      if (!crashes.has(number)) return operate()
      if (chance(50)) await operate()
      die()
      return never
    }
    function die(): void {
      self.isGone = true
      figures.crashes++
      tab.crash()
    }
    const store: OutboxStore = {
      read: () => call(() => place.read()),
      write: (changes) => call(() => place.write(changes)),
      close: async () => turn?.leave(),
      join(member) {
        turn = pageTurn('run', member, {
          locks: hasLocks && tab.locks,
          channel: tab.channel,
        })
        return turn
      },
    }
    async function send({ payload, idempotencyKey }: OutboxEntry<Order>): Promise<void> {
      const { number } = payload
      if (inFlight.get(number)?.isGone === false) figures.overlaps++
      inFlight.set(number, self)
      // What was on its way when its page died may get there all the same.
      const getsThere = chance(50)
      await wait(1 + random() * 20)
      if (inFlight.get(number) === self) inFlight.delete(number)
      if (self.isGone && !getsThere) return never
      if (chance(faults / 4)) throw new EvenkeelError('OFFLINE', 'refused', { transient: true })
      serve(payload, idempotencyKey, self.isGone || chance(faults / 4))
    }
    const outbox = createOutbox<Order>(store, send, {
      clock,
      random,
      createKey: () => `key-${Math.floor(random() * 2 ** 52)}`,
      ttlMs: 1e9,
      keyLifeMs: 1e9,
      maxAttempts: 1e6,
      maxEntries: 2000,
      replay: { startWindowMs: 10, startGapMs: 10, halveMs: 20, minGapMs: 1 },
      backoff: () => 20,
      onEvent(event) {
        if (!self.isGone && event.type === 'failed') reported.add(event.entry.payload.number)
      },
    })
    return Object.assign(self, { outbox })
  }

  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      clock.scheduleAt(clock.now() + ms, resolve)
    })

  const pages = [openPage(), openPage()]
  let next = 0
  while (next < entries || (await place.read()).length > 0) {
    for (const [index, page] of pages.entries()) {
      if (page.isGone) pages[index] = openPage()
      else if (next < entries) {
        const isKeyed = chance(90) || !hasLocks
        const order = { number: next++, page: index, lane: `lane ${next % 7}`, isKeyed }
        page.outbox.enqueue(order, { lane: order.lane, idempotencyKey: isKeyed }).then(
          () => !page.isGone && promised.push(order),
          () => figures.refused++,
        )
      }
    }
    // Without locks the entry of a page that died is held by its lease.
    await clock.advance(next < entries ? 9 : hasLocks ? 100 : 10_000)
  }
  await Promise.all(pages.map(({ outbox }) => outbox.close()))

  const times = ({ number }: Order): number => applied.get(number) ?? 0
  const isAccounted = (order: Order): boolean =>
    times(order) > 0 || (!order.isKeyed && reported.has(order.number))
  const isLate = ({ number, page }: Order, at: number, all: readonly Order[]): boolean =>
    all.slice(0, at).some((before) => before.page === page && before.number > number)
  return {
    ...figures,
    promised: promised.length,
    /** Promised, and neither applied nor, without a key, reported. */
    lost: promised.filter((order) => !isAccounted(order)).length,
    doubled: [...applied.values()].filter((count) => count > 1).length,
    reported: promised.filter(({ number }) => reported.has(number)).length,
    /** Applied after a later one of the same page and lane. */
    outOfOrder: [...appliedInLane.values()].flatMap((all) => all.filter(isLate)).length,
    left: (await place.read()).length,
  }
}

export type CrashFigures = Awaited<ReturnType<typeof crashRun>>

/** What several runs come to together. */
export function sum(runs: readonly CrashFigures[]): CrashFigures {
  const total = { ...(runs[0] as CrashFigures) }
  for (const name of Object.keys(total) as (keyof CrashFigures)[])
    total[name] = runs.reduce((so, run) => so + run[name], 0)
  return total
}

/** A seeded choice of so many numbers from 1 to `most`. */
export function seededPoints(seed: number, count: number, most: number): number[] {
  const random = seededRandom(seed)
  const points = new Set<number>()
  while (points.size < count) points.add(1 + Math.floor(random() * most))
  return [...points].sort((a, b) => a - b)
}
