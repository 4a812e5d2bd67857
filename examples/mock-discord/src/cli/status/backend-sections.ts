import type { MockStatus } from '../../admin/mock-status.ts'
import { count, ms, percent } from '../units.ts'
import { bar, type Paint, type Tone, toneOf } from './look.ts'

const states: Readonly<Record<MockStatus['database']['state'], Tone>> = {
  ok: 'good',
  strained: 'warn',
  exhausted: 'bad',
}

/** The pool, its queue, and how much of its work is for nobody. */
export function databaseSection({ database, replicas }: MockStatus, paint: Paint): string[] {
  const { poolSize, inUse, queued, queueDepth, meanQueuedMs, drainMs, knee, state } = database
  const tone = states[state]
  const worked = database.wastedMs + database.usefulMs
  const waste = worked === 0 ? 0 : database.wastedMs / worked
  const lines = [
    `Database      ${paint(`${bar(inUse / poolSize)} ${state}`, tone)}: pool ${count(inUse)}/${count(poolSize)}${knee === null ? '' : ` (best at ${count(knee)})`}`,
    `  queue       ${paint(`${bar(queueDepth === 0 ? 0 : queued / queueDepth)} ${count(queued)}/${count(queueDepth)}`, toneOf(queueDepth === 0 ? 0 : queued / queueDepth, 0.3, 0.9))}, average wait ${ms(meanQueuedMs)} (last 100), drains in ${ms(drainMs)}`,
    `  work        ${count(database.done)} done, ${paint(`${percent(waste)} of the time for nobody`, toneOf(waste, 0.05, 0.3))}, ${count(database.refused)} refused, ${count(database.timedOut)} timed out, ${count(database.dropped)} dropped`,
  ]
  if (replicas.pools.length > 0) {
    lines.push(
      `  replicas    ${replicas.pools.length}, ${ms(replicas.lagMs)} behind${replicas.inService ? '' : paint(' (out of service)', 'bad')}`,
    )
  }
  return lines
}

/** Connections of the WebSocket Gateway, and how many upgrades fail. */
export function socketsSection({ sockets }: MockStatus, paint: Paint): string[] {
  const { connections, sessions, acceptQueue, accepted, upgradeFailuresLastMinute } = sockets
  const failures = Object.entries(sockets.upgradeFailures).filter(([, number]) => number > 0)
  const failed = failures.reduce((sum, [, number]) => sum + number, 0)
  const tried = accepted + failed
  // JSON has no infinity.
  const limit = sockets.connectionLimit ?? Number.POSITIVE_INFINITY
  const full = limit === Number.POSITIVE_INFINITY ? 0 : connections / Math.max(1, limit)
  const share = tried === 0 ? null : failed / tried
  const why = failures.map(([name, number]) => `${count(number)} ${name}`).join(', ')
  return [
    `Connections   ${paint(`${bar(full)} ${count(connections)}`, toneOf(full, 0.8, 1))} of ${limit === Number.POSITIVE_INFINITY ? 'any number' : count(limit)}, ${count(sessions)} sessions, ${count(acceptQueue)} wait`,
    `  upgrades    ${paint(`${count(upgradeFailuresLastMinute)} failed in the last minute`, toneOf(upgradeFailuresLastMinute, 50, 1_000))}, ${percent(share)} of ${count(tried)}${why ? ` (${why})` : ''}`,
  ]
}

/** The media servers by region. */
export function voiceSection({ voice }: MockStatus, paint: Paint): string[] {
  return Object.entries(voice).map(([region, { instances, starting, cpuRatio, joins }], index) => {
    const servers = `${count(instances)} ${instances === 1 ? 'server' : 'servers'}${starting > 0 ? ` (+${starting} starting)` : ''}`
    const cpu = paint(`${bar(cpuRatio)} CPU ${percent(cpuRatio)}`, toneOf(cpuRatio, 0.7, 0.95))
    const label = (index === 0 ? 'Voice' : '').padEnd(6)
    return `${label}${region.padStart(7)} ${cpu}, ${servers}, ${count(joins.queued)} joins wait, ${count(joins.refused)} refused`
  })
}
