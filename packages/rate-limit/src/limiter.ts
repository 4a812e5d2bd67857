import type { Limit, LimitedCall } from './limit.ts'

/** What the limiters of one's own have in common. */
export interface LimiterOptions {
  /** What to do with a call that exceeds the limit: let it wait its turn, or turn it away. @defaultValue `'wait'` */
  readonly onLimit?: 'wait' | 'refuse' | undefined
  /** Whether a call counts. @defaultValue every call does */
  readonly isLimited?: ((call: LimitedCall) => boolean) | undefined
}

/** What keeps count. */
interface Counter {
  startAtMs(ahead: number): number
  start(nowMs: number): void
}

/** Makes a limit of a counter. */
export function limiter(
  counter: Counter,
  idleMs: number,
  { onLimit, isLimited = () => true }: LimiterOptions,
): Limit {
  let lastMs = -Infinity
  const limit: Limit = {
    code: 'RATE_LIMITED',
    startAtMs: (call, _nowMs, ahead) => (isLimited(call) ? counter.startAtMs(ahead) : -Infinity),
    started(call, nowMs) {
      if (!isLimited(call)) return
      counter.start(nowMs)
      lastMs = nowMs
    },
    isNeeded: (nowMs) => nowMs < lastMs + idleMs,
  }
  if (onLimit === 'refuse')
    limit.turnAway = (call, nowMs) => {
      const waitMs = limit.startAtMs(call, nowMs, 0) - nowMs
      return waitMs > 0 ? waitMs : undefined
    }
  return limit
}
