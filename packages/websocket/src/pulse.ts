import type { Random } from '@evenkeel/core'

/** What is known of the liveness of one connection. */
export interface Pulse {
  /** When something last came in. */
  inboundAtMs: number
  /** When the beat was sent that nothing has followed yet; `NaN` when none is out. */
  beatAtMs: number
  /** Beats sent since then. */
  unanswered: number
  /** When to look again. */
  dueAtMs: number
  /** The smoothed round trip; `undefined` until one is measured. */
  rttMs: number | undefined
  /** Whether the machine slept, and nothing has come in since. */
  hasSlept: boolean
}

/** What does not change from beat to beat. */
export interface PulseRules {
  readonly intervalMs: number
  /** How long the first answer may take, before a round trip is known. */
  readonly timeoutMs: number
  /** How long any answer may take at least; also the limit of a probe after waking. */
  readonly leastTimeoutMs: number
}

/** What to do at an instant: send a beat, give the connection up, or nothing until `dueAtMs`. */
export type PulseAction = 'beat' | 'dead' | 'wait'

/** How late a timer may be; one that is later ran on a machine that slept or a page that was throttled. */
const graceMs = 1000

/** A timer that is later than this ran on a machine that slept: a hidden page's are late by a minute at most. */
const sleepMs = 120_000

/** Starts with a first beat anywhere in the interval: a million clients that reconnect must not beat as one. */
export function newPulse(
  rttMs: number | undefined,
  rules: PulseRules,
  nowMs: number,
  random: Random,
): Pulse {
  return {
    inboundAtMs: nowMs,
    beatAtMs: NaN,
    unanswered: 0,
    dueAtMs: nowMs + random() * rules.intervalMs,
    rttMs,
    hasSlept: false,
  }
}

/** The time an answer is given: four round trips, at least 3 s, at most the interval. */
export function answerLimitMs({ rttMs }: Pulse, rules: PulseRules): number {
  const { intervalMs, timeoutMs, leastTimeoutMs } = rules
  return Math.min(intervalMs, rttMs === undefined ? timeoutMs : Math.max(leastTimeoutMs, 4 * rttMs))
}

/** Takes note that something came in: any data counts; a beat that is out is answered by it. */
export function heard(pulse: Pulse, rules: PulseRules, nowMs: number): void {
  pulse.inboundAtMs = nowMs
  pulse.unanswered = 0
  pulse.hasSlept = false
  if (Number.isNaN(pulse.beatAtMs)) return
  const sampleMs = nowMs - pulse.beatAtMs
  // The gain of RFC 6298 §2.
  pulse.rttMs = pulse.rttMs === undefined ? sampleMs : pulse.rttMs + (sampleMs - pulse.rttMs) / 8
  pulse.dueAtMs = pulse.beatAtMs + rules.intervalMs
  pulse.beatAtMs = NaN
}

function beat(pulse: Pulse, limitMs: number, nowMs: number): PulseAction {
  pulse.beatAtMs = nowMs
  pulse.unanswered++
  pulse.dueAtMs = nowMs + limitMs + graceMs
  return 'beat'
}

/**
 * Looks at an instant that was due. A look that comes late finds a machine that slept, not a dead
 * peer: it asks once more before it judges, and once only, as a hidden page's timers are always late.
 */
export function look(pulse: Pulse, rules: PulseRules, nowMs: number): PulseAction {
  if (nowMs < pulse.dueAtMs) return 'wait'
  const lateMs = nowMs - pulse.dueAtMs
  if (lateMs > sleepMs) {
    pulse.hasSlept = true
    return beat(pulse, wakeLimitMs(pulse, rules), nowMs)
  }
  const isOut = !Number.isNaN(pulse.beatAtMs)
  if (isOut && (lateMs <= graceMs || pulse.unanswered > 1)) return 'dead'
  return beat(pulse, answerLimitMs(pulse, rules), nowMs)
}

/** The time an answer is given by one who waits for it. */
function wakeLimitMs(pulse: Pulse, rules: PulseRules): number {
  return Math.min(rules.leastTimeoutMs, answerLimitMs(pulse, rules))
}

/** Looks because the page or machine woke, or the network changed: asks now unless something just came in. */
export function wake(pulse: Pulse, rules: PulseRules, nowMs: number): PulseAction {
  if (nowMs - pulse.inboundAtMs < graceMs) return 'wait'
  if (!Number.isNaN(pulse.beatAtMs) && nowMs - pulse.beatAtMs < rules.leastTimeoutMs) return 'wait'
  return beat(pulse, wakeLimitMs(pulse, rules), nowMs)
}
