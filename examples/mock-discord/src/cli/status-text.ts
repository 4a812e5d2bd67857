import type { MockStatus } from '../admin/mock-status.ts'
import { services } from '../backend/service.ts'
import type { SocketsStatus } from '../sockets/socket-status.ts'
import { ms, percent } from './units.ts'

/** One call, timed, as the operators made it first of all. */
export interface Probe {
  readonly path: string
  readonly status: number | string
  readonly durationMs: number
}

/** Writes the status for people, in the order in which the incident's operators asked. */
export function statusText(status: MockStatus, probe: Probe): string {
  const { api, gateway, discord, sockets, database, replicas, voice } = status
  const { retries, faults, scenario } = status
  const lines = [
    `call      GET ${probe.path}: ${probe.status} after ${ms(probe.durationMs)}`,
    `API       ${api.requests} requests, ${percent(api.successRatio)} ok, p50 ${ms(api.durations.p50Ms)}, p99 ${ms(api.durations.p99Ms)}`,
  ]
  for (const service of services) {
    const { ok, limited, refused, timeout, abandoned, error } = api.services[service]
    if (ok + limited + refused + timeout + abandoned + error === 0) continue
    lines.push(
      `  ${service.padEnd(10)}${ok} ok, ${limited} limited (429), ${refused} refused (503), ${timeout} timed out (504), ${abandoned} abandoned, ${error} errors`,
    )
  }
  lines.push(
    `limits    gateway ${gateway.mode}, ${gateway.overrun} overrun; Discord's ${discord.enabled ? 'on' : 'off'}: ${discord.user + discord.sub} user, ${discord.shared} shared, ${discord.global} global, ${discord.bans} bans`,
    `database  ${database.state}: pool ${database.inUse}/${database.poolSize}${database.knee === null ? '' : ` (best at ${database.knee})`}, queue ${database.queued}/${database.queueDepth}, average wait ${ms(database.meanQueuedMs)}, drains in ${ms(database.drainMs)}`,
    `  work    ${database.done} useful, ${database.wastedJobs} wasted (${percent(database.wastedMs / Math.max(1, database.wastedMs + database.usefulMs))} of the time), ${database.refused} refused, ${database.timedOut} timed out, ${database.dropped} dropped`,
  )
  if (replicas.pools.length > 0) {
    lines.push(
      `  replicas ${replicas.pools.length}, ${ms(replicas.lagMs)} behind${replicas.inService ? '' : ' (out of service)'}`,
    )
  }
  lines.push(...socketLines(sockets))
  lines.push('voice')
  for (const [region, { instances, starting, cpuRatio, joins }] of Object.entries(voice)) {
    lines.push(
      `  ${region.padEnd(10)}${instances} instances${starting ? ` (+${starting})` : ''}, CPU ${percent(cpuRatio)}, ${joins.queued} joins waiting, ${joins.refused} refused`,
    )
  }
  lines.push(
    `retries   ${retries.seen} (${Math.round(retries.perHour)} an hour), amplification ${retries.amplification.toFixed(2)}; violations: ${retries.early} too early, ${retries.excess} beyond the third`,
  )
  for (const { client, requests, retries: count, highestAttempt, early, excess } of retries.kinds) {
    lines.push(
      `  ${client.padEnd(10)}${requests} requests, ${count} retries, highest attempt ${highestAttempt}, ${early + excess} violations`,
    )
  }
  lines.push(
    `faults    ${faults.map(({ id, fault }) => `${id} ${fault.kind}`).join(', ') || 'none'}`,
  )
  if (scenario) {
    lines.push(
      `scenario  ${scenario.name ?? 'unnamed'} ${scenario.state}, ${scenario.done.length} of ${scenario.steps} steps after ${ms(scenario.elapsedMs)}`,
    )
  }
  return lines.join('\n')
}

/** Connections, and why upgrades fail. */
export function socketLines(sockets: SocketsStatus): string[] {
  const { connections, connectionLimit, sessions, acceptQueue, accepted } = sockets
  const failures = Object.entries(sockets.upgradeFailures).filter(([, count]) => count > 0)
  const failed = failures.reduce((sum, [, count]) => sum + count, 0)
  const closes = (codes: Readonly<Record<string, number>>) =>
    Object.entries(codes)
      .map(([code, count]) => `${count} × ${code}`)
      .join(', ') || 'none'
  return [
    `sockets   ${connections} of ${connectionLimit ?? 'any number of'} connections, ${sessions} sessions, ${acceptQueue} waiting to be accepted`,
    `  upgrades ${accepted} accepted, ${failed} failed (${percent(accepted + failed === 0 ? null : accepted / (accepted + failed))} ok), ${sockets.upgradeFailuresLastMinute} failed in the last minute${failures.map(([why, count]) => `, ${count} ${why}`).join('')}`,
    `  sessions ${sockets.identifies} identified (${sockets.identifiesEarly} too early), ${sockets.resumes} resumed (${sockets.resumesRefused} refused), ${sockets.replayed} events sent again`,
    `  closed  by the server ${closes(sockets.closedByServer)}; by clients ${closes(sockets.closedByClient)}`,
  ]
}
