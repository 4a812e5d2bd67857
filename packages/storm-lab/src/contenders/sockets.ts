import { backoffSockets, type ReconnectKind } from '../sockets/reconnects.ts'
import type { Contender } from './contender.ts'

/** Gives the sockets of a contender, all of its cohorts, other rules of when to dial again. */
export function withSockets(contender: Contender, sockets: ReconnectKind): Contender {
  return { ...contender, cohorts: contender.cohorts.map((cohort) => ({ ...cohort, sockets })) }
}

/** A second after each loss, whatever the cause. */
export const eachSecond: ReconnectKind = backoffSockets(() => 1000)

/** After 1, 2, 4 … 512 s, without jitter. */
export const doubling: ReconnectKind = backoffSockets(
  (failures) => 1000 * 2 ** (Math.min(failures, 10) - 1),
)

/** As the incident's report prescribes: exponential from 1 s to 60 s with full jitter. */
export const prescribed: ReconnectKind = backoffSockets(
  (failures, random) => random() * Math.min(60_000, 1000 * 2 ** (Math.min(failures, 10) - 1)),
)
