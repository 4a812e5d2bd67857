import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, type Priority } from '@evenkeel/core'
import { seededRandom } from '@evenkeel/core/testing'
import { createFetch } from '@evenkeel/fetch'
import { type FleetHintPolicy, fleetHint, pollFleetHint } from '@evenkeel/rate-limit/fleet-hint'
import type { Incident } from '../../src/index.ts'
import { messagesPath } from '../started.ts'

const shares: Readonly<Record<Priority, number>> = { critical: 0.3, important: 0.5, deferred: 0.2 }

/** How an overload went. */
export interface Overloaded {
  /** Answered in time and well, per second. */
  readonly goodput: number
  /** The share of what was asked that was answered well, by priority. */
  readonly success: Readonly<Record<Priority, number>>
  /** What became of the critical calls that were not. */
  readonly lost: Readonly<Record<string, number>>
  /** The share of the database's time that was for nobody. */
  readonly waste: number
}

export interface OverloadOptions {
  readonly perSecond: number
  readonly seconds: number
  /** In so long the load grows from a tenth. */
  readonly rampSeconds: number
  /** Not counted: the load has grown by then, and clients have learned of it. */
  readonly warmUpSeconds: number
  /** After which a user has gone. */
  readonly patienceMs: number
  readonly obeys: boolean
  readonly clients?: number | undefined
}

/** Clients on evenkeel, which call at random at so many calls a second together, whatever becomes of them. */
export async function overload(
  mock: Incident,
  {
    perSecond,
    seconds,
    rampSeconds,
    warmUpSeconds,
    patienceMs,
    obeys,
    clients = 30,
  }: OverloadOptions,
): Promise<Overloaded> {
  const random = seededRandom(11)
  const url = mock.apiUrl + messagesPath
  const fleet = Array.from({ length: clients }, (_, n) => client(patienceMs, obeys, n))
  // As every client should: so that it knows the level before its first call, and while it sends nothing.
  const document = `${mock.url}/.well-known/fleet-hint`
  const stops = fleet.map(({ hint }) =>
    pollFleetHint(hint, document, { key: mock.url, intervalMs: 1_000 }),
  )
  const asked = { critical: 0, important: 0, deferred: 0 }
  const served = { critical: 0, important: 0, deferred: 0 }
  const lost: Record<string, number> = {}
  const underWay: Promise<void>[] = []
  const startMs = performance.now()
  const before = mock.machinery.metrics.snapshot(0).work
  const load = (atMs: number) => perSecond * Math.min(1, 0.1 + atMs / (rampSeconds * 1_000))
  for (
    let atMs = 0;
    atMs < seconds * 1_000;
    atMs += (-Math.log(1 - random()) * 1_000) / load(atMs)
  ) {
    const leftMs = startMs + atMs - performance.now()
    if (leftMs > 1) await sleep(leftMs)
    const draw = random()
    const priority = draw < shares.critical ? 'critical' : draw < 0.8 ? 'important' : 'deferred'
    const call = fleet[Math.floor(random() * clients)]?.call
    const isCounted = atMs >= warmUpSeconds * 1_000
    if (isCounted) asked[priority]++
    const ended = call?.(url, priority).then((fate) => {
      if (!isCounted) return
      if (fate === 'served') served[priority]++
      else if (priority === 'critical') lost[fate] = (lost[fate] ?? 0) + 1
    })
    if (ended) underWay.push(ended)
  }
  await Promise.all(underWay)
  for (const stop of stops) stop()
  const { usefulMs, wastedMs } = mock.machinery.metrics.snapshot(0).work
  const [useful, wasted] = [usefulMs - before.usefulMs, wastedMs - before.wastedMs]
  const success = (priority: Priority) => served[priority] / asked[priority]
  return {
    goodput: (served.critical + served.important + served.deferred) / (seconds - warmUpSeconds),
    success: {
      critical: success('critical'),
      important: success('important'),
      deferred: success('deferred'),
    },
    lost,
    waste: wasted / (useful + wasted),
  }
}

/** One client: it learns from every response, and admits what the server asks for. */
export function client(patienceMs: number, obeys: boolean, n = 0) {
  const hint: FleetHintPolicy = fleetHint()
  const fetch = createFetch({
    ...(obeys && { admission: hint, fetch: hint.reading() }),
    attemptTimeoutMs: patienceMs,
    totalTimeoutMs: patienceMs,
    attemptHeader: 'x-attempt',
  })
  /** What becomes of a call: `served`, a status, or the code of what it ended with. */
  const call = (url: string, priority: Priority): Promise<string> =>
    fetch(url, {
      headers: {
        authorization: 'Bot any',
        'x-client-id': `${n % 4 ? 'mobile' : 'desktop'}-${n}`,
        'x-priority': priority,
      },
      evenkeel: { priority },
    }).then(
      async (response) => {
        await response.arrayBuffer()
        return response.ok ? 'served' : String(response.status)
      },
      (error) => errorCode(error) ?? 'NETWORK_ERROR',
    )
  return { hint, fetch, call }
}
