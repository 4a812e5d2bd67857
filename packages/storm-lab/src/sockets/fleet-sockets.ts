import type { Random } from '@evenkeel/core'
import type { Cohort } from '../contenders/contender.ts'
import { cohortOf } from '../fleet/cohort-of.ts'
import { Kernel } from '../kernel/kernel.ts'
import { RandomStream } from '../random/random-stream.ts'
import type { SocketFigures } from '../report/report.ts'
import { ratioOf, rounded } from '../report/round.ts'
import { seriesWindowMs } from '../report/series.ts'
import type { ResolvedScenario } from '../scenario/resolve-scenario.ts'
import type { SocketFleet } from '../scenario/socket-fleet.ts'
import { HerdWorld } from './herd-world.ts'
import { evenkeelSockets, type Reconnects } from './reconnects.ts'

/** What became of a contender's sockets. */
export interface SocketRun {
  readonly figures: SocketFigures
  readonly series: {
    readonly dialsPerSecond: readonly number[]
    readonly connectedRatio: readonly number[]
  }
}

/** Sockets of a fleet: each goes by what its client is when it is lost. */
function socketsOf(
  cohorts: readonly Cohort[],
  clients: number,
  kernel: Kernel,
  random: Random,
): Reconnects {
  const kinds = cohorts.map(({ sockets = evenkeelSockets() }) => sockets(clients, random))
  const of = (client: number): Reconnects =>
    kinds[cohortOf(cohorts, client, kernel.nowMs)] as Reconnects
  return {
    delayMs: (client, loss, nowMs) => of(client).delayMs(client, loss, nowMs),
    advise: (client, windowMs, nowMs) => of(client).advise?.(client, windowMs, nowMs),
    opened: (client) => of(client).opened(client),
  }
}

/** Sends the sockets of a contender through a scenario; apart from its calls, which take no part of the gateway's time. */
export function runSockets(
  scenario: ResolvedScenario,
  fleet: SocketFleet,
  cohorts: readonly Cohort[],
  seed: number,
): SocketRun {
  const { clients, durationMs, scale } = scenario
  const { drops, acceptQueue = Infinity, showsStatus = false, dialTimeoutMs = 10_000 } = fleet
  const kernel = new Kernel()
  const acceptsPerSecond = fleet.acceptsPerSecond * scale
  const chance = new RandomStream(seed, 'drops')
  const { random } = new RandomStream(seed, 'sockets')
  /** Since when fewer than 99 % are connected. */
  let awayMs: number | null = null
  let longestMs = 0
  const herd = new HerdWorld(
    kernel,
    clients,
    socketsOf(cohorts, clients, kernel, random),
    { acceptsPerSecond, acceptQueue: Math.ceil(acceptQueue * scale), showsStatus, dialTimeoutMs },
    () => {
      if (awayMs === null || herd.open < 0.99 * clients) return
      longestMs = Math.max(longestMs, kernel.nowMs - awayMs)
      awayMs = null
    },
  )
  herd.openAll()
  const dropEnded = kernel.on(() => {
    if (herd.open < 0.99 * clients) awayMs ??= kernel.nowMs
  })
  let dropped = 0
  for (const { atMs, ratio = 1, overMs = 1000, code = 1001, hint = false } of drops) {
    const drop = kernel.on((client) => herd.drop(client, { code, hint }, clients * ratio))
    kernel.at(atMs + overMs, dropEnded, 0)
    for (let client = 0; client < clients; client++) {
      if (ratio < 1 && chance.next() >= ratio) continue
      dropped++
      kernel.at(atMs + chance.next() * overMs, drop, client)
    }
  }
  const windowMs = seriesWindowMs(durationMs)
  const dialsPerSecond: number[] = []
  const connectedRatio: number[] = []
  let peak = 0
  for (let fromMs = 0; fromMs < durationMs; fromMs += windowMs) {
    const toMs = Math.min(durationMs, fromMs + windowMs)
    const before = herd.dials
    for (let atMs = fromMs; atMs < toMs; atMs += 1000) {
      const dials = herd.dials
      kernel.run(Math.min(toMs, atMs + 1000))
      peak = Math.max(peak, herd.dials - dials)
    }
    dialsPerSecond.push(rounded(((herd.dials - before) * 1000) / (toMs - fromMs)))
    connectedRatio.push(rounded(herd.open / clients))
  }
  return {
    figures: {
      dropped,
      dialsPerDrop: ratioOf(herd.dials, dropped),
      peakDialsPerSecond: peak,
      acceptsPerSecond: rounded(acceptsPerSecond),
      wastedRatio: ratioOf(herd.wasted, herd.accepted),
      backMs: awayMs === null ? rounded(longestMs) : null,
      connectedRatio: rounded(herd.open / clients),
    },
    series: { dialsPerSecond, connectedRatio },
  }
}
