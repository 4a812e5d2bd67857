import { checkRules } from '../policy/check-rules.ts'
import type { ClientRules } from '../policy/client-rules.ts'
import type { Connect } from '../shells/connect.ts'
import type { ReconnectKind } from '../sockets/reconnects.ts'

/** A part of a fleet whose clients do the same. */
export interface Cohort {
  readonly name: string
  /** The part of the clients. */
  readonly ratio: number
  /** What they do, if the lab plays them. */
  readonly rules?: ClientRules | undefined
  /** What they are, if they run as they are. */
  readonly shell?: Shell | undefined
  /** When their sockets dial again. @defaultValue `evenkeelSockets()` */
  readonly sockets?: ReconnectKind | undefined
  /** When clients turn into this kind, one after another, as in a roll-out. @defaultValue they are from the start */
  readonly joins?: { readonly fromMs: number; readonly overMs: number } | undefined
}

/** Clients that run as they are: real code on virtual time. */
export interface Shell {
  readonly connect: Connect
  /**
   * Whether it asks the platform for time and chance: `setTimeout`, `performance.now`, `Math.random` and
   * `AbortSignal.timeout` are then virtual while it runs.
   * @defaultValue `false`
   */
  readonly usesPlatform?: boolean | undefined
}

/** A fleet that goes through a scenario. */
export interface Contender {
  readonly name: string
  /** What its clients do, in a sentence. */
  readonly about: string
  /**
   * What runs: the pure cores of evenkeel, the whole async code of a library on virtual time, or what a
   * library documents, played by the same simulator.
   */
  readonly runs: 'cores' | 'shells' | 'formula'
  readonly cohorts: readonly Cohort[]
}

/**
 * Makes a contender of which all clients do the same.
 *
 * @throws `RangeError` for rules that can't be kept, naming what is wrong
 */
export function contender(
  name: string,
  about: string,
  rules: ClientRules,
  runs: Contender['runs'] = 'cores',
): Contender {
  checkRules(rules)
  return { name, about, runs, cohorts: [{ name, ratio: 1, rules }] }
}

/** Makes a contender whose clients run as they are; up to some 10,000 of them. */
export function shell(
  name: string,
  about: string,
  connect: Connect,
  { usesPlatform = false }: Pick<Shell, 'usesPlatform'> = {},
): Contender {
  return {
    name,
    about,
    runs: 'shells',
    cohorts: [{ name, ratio: 1, shell: { connect, usesPlatform } }],
  }
}

/** Makes a contender of several, each a part of the fleet. */
export function mixed(
  name: string,
  about: string,
  parts: readonly (readonly [ratio: number, contender: Contender])[],
): Contender {
  const total = parts.reduce((sum, [ratio]) => sum + ratio, 0)
  if (!(Math.abs(total - 1) < 1e-9))
    throw new RangeError(`mixed: the ratios of ${name} must add up to 1, got ${total}`)
  return {
    name,
    about,
    runs: parts.every(([, { runs }]) => runs === 'cores') ? 'cores' : 'formula',
    cohorts: parts.flatMap(([ratio, { cohorts }]) =>
      cohorts.map((cohort) => ({ ...cohort, ratio: ratio * cohort.ratio })),
    ),
  }
}

/** Makes a contender whose clients turn from one kind into another, one after another. */
export function rolledOut(
  name: string,
  about: string,
  before: Contender,
  after: Contender,
  joins: { readonly fromMs: number; readonly overMs: number },
): Contender {
  return {
    name,
    about,
    runs: before.runs === after.runs ? before.runs : 'formula',
    cohorts: [...before.cohorts, ...after.cohorts.map((cohort) => ({ ...cohort, joins }))],
  }
}
