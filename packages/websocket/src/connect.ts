import type { Random } from '@evenkeel/core'
import type { Advice } from './advice.ts'
import type { CloseCodes, CloseRule } from './close-codes.ts'
import { isRefusal, type Loss, mayChange } from './loss.ts'

/** What one socket remembers between its dials. */
export interface ConnectState {
  /** Connections lost, or never made, since the last stable one. */
  failures: number
  /** The window of the last wait; the next grows from it. */
  windowMs: number
  /** Whether something said that many clients are waiting: the windows then grow much further. */
  isHerd: boolean
  /** Whether new credentials have been tried since the last stable connection. */
  isRefreshed: boolean
  /** How wide the server asked its clients to spread; 0 when it did not. */
  advisedMs: number
  /** Until when the server asked to be left alone. */
  notBeforeMs: number
}

/** What does not change from dial to dial. */
export interface ConnectRules {
  readonly firstWindowMs: number
  readonly growth: number
  readonly minDelayMs: number
  readonly maxDelayMs: number
  readonly herdWindowMs: number
  readonly maxHerdDelayMs: number
  readonly maxRetries: number
  readonly closeCodes: CloseCodes
  /** Whether asking again may give other credentials. */
  readonly canRefresh: boolean
}

/** Why a socket does not come back. */
export type StopReason =
  | 'closed'
  | 'closeCode'
  | 'handshakeStatus'
  /** The socket underneath can't be made, and nothing would be otherwise next time. */
  | 'cannotDial'
  | 'unauthorized'
  | 'retriesExhausted'

/** What follows the end of a connection. */
export interface ConnectDecision {
  /** The wait until the next dial. */
  readonly delayMs: number
  /** Whether the wait is for the server's sake: then nothing on this side but the user shortens it. */
  readonly isHeld: boolean
  /** Whether the dial is for other credentials, as those before were refused. */
  readonly isRefresh?: boolean
  /** Set when there is no next dial. */
  readonly stop?: StopReason | undefined
}

/** The most that chance adds to a wait the server asked for, as in @evenkeel/retry. */
const maxSpreadMs = 30_000
/** The longest wait a server can ask for: a mistake must not silence a client for good. */
const maxAdviceMs = 86_400_000

/** The state of a socket that has not dialled yet. */
export function newConnect(): ConnectState {
  return {
    failures: 0,
    windowMs: 0,
    isHerd: false,
    isRefreshed: false,
    advisedMs: 0,
    notBeforeMs: -Infinity,
  }
}

/** Forgets the failures: a connection has proved stable. What the server advised stays. */
export function connectSucceeded(state: ConnectState): void {
  const { advisedMs, notBeforeMs } = state
  Object.assign(state, { ...newConnect(), advisedMs, notBeforeMs })
}

/** Takes in what the server says about coming back, up to a day. */
export function advise(
  state: ConnectState,
  { windowMs = state.advisedMs, retryAfterMs = 0 }: Advice,
  nowMs: number,
): void {
  state.advisedMs = Math.min(windowMs, maxAdviceMs)
  const notBeforeMs = nowMs + Math.min(retryAfterMs, maxAdviceMs)
  state.notBeforeMs = Math.max(state.notBeforeMs, notBeforeMs)
}

/** What the close code or handshake status of an end says about coming back. */
export function ruleOf(
  { cause, code, status = 0, phase }: Loss,
  closeCodes: CloseCodes,
): CloseRule {
  if (cause === 'handshake') {
    if (status === 401 || status === 403) return 'refresh'
    return mayChange(status) ? 'retry' : 'stop'
  }
  // 1015 and its kin are only said here, and a code of this side's own tells nothing of the server.
  return cause === 'server' || (code === 1015 && phase === 'connecting')
    ? (closeCodes[code] ?? 'retry')
    : 'retry'
}

/**
 * Decides what follows the end of a connection; asks `pay`, the retry budget, last.
 *
 * The first wait after a loss is spread evenly over a window: that one spread decides more than all
 * later backoff (RFC 6455 §7.2.3). It is a few seconds for what may be a lone loss, wide when the
 * server restarts. Later windows grow by `growth`, to `maxDelayMs`, or `maxHerdDelayMs` once
 * something said that this client is one of many. Without budget it dials no faster than that.
 */
export function afterLoss(
  state: ConnectState,
  loss: Loss,
  rules: ConnectRules,
  nowMs: number,
  random: Random,
  pay: () => boolean,
): ConnectDecision {
  const { cause, status, phase, retryAfterMs } = loss
  advise(state, { retryAfterMs }, nowMs)
  const rule = ruleOf(loss, rules.closeCodes)
  const stop = (reason: StopReason): ConnectDecision => ({
    delayMs: 0,
    isHeld: false,
    stop: reason,
  })
  if (cause === 'provider' && !rules.canRefresh) return stop('cannotDial')
  if (rule === 'stop') return stop(cause === 'handshake' ? 'handshakeStatus' : 'closeCode')
  if (rule === 'refresh') {
    if (state.isRefreshed || !rules.canRefresh) return stop('unauthorized')
    state.isRefreshed = true
  }
  if (++state.failures > rules.maxRetries) return stop('retriesExhausted')
  const isWindow = typeof rule === 'object'
  state.isHerd ||= isWindow || isRefusal(status) || (cause === 'timeout' && phase === 'connecting')
  const maxMs = state.isHerd ? rules.maxHerdDelayMs : rules.maxDelayMs
  let fromMs = 0
  let toMs = rules.firstWindowMs
  if (state.failures > 1) {
    const leastMs = state.isHerd ? rules.herdWindowMs : 0
    toMs = Math.min(maxMs, Math.max(state.windowMs * rules.growth, leastMs))
    // The second wave comes when the first is half over.
    fromMs = Math.max(rules.minDelayMs, Math.min(state.windowMs / 2, toMs / 4))
  }
  if (isWindow) {
    fromMs = rule[0]
    toMs = Math.max(toMs, rule[1])
  }
  const isLocal = cause === 'offline' || cause === 'hidden'
  const advisedMs = isLocal ? 0 : state.advisedMs
  toMs = Math.max(toMs, advisedMs)
  state.windowMs = toMs
  if (state.failures > 1 && !pay()) {
    fromMs = maxMs / 2
    toMs = Math.max(toMs, maxMs)
  }
  const hintMs = state.notBeforeMs - nowMs
  if (hintMs > 0) {
    fromMs = hintMs
    toMs = hintMs + Math.max(toMs, Math.min(hintMs / 2, maxSpreadMs))
  }
  fromMs = Math.min(fromMs, toMs)
  return {
    delayMs: fromMs + random() * (toMs - fromMs),
    isRefresh: rule === 'refresh',
    isHeld: (state.isHerd && cause !== 'timeout') || hintMs > 0 || advisedMs > 0,
  }
}
