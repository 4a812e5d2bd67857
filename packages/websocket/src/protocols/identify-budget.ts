import { type Clock, checkNumber, onAbort, reasonOf, systemClock } from '@evenkeel/core'
import type { Admission } from './protocol.ts'

/** What `GET /gateway/bot` says in `session_start_limit`. */
export interface SessionStartLimit {
  readonly total: number
  readonly remaining: number
  readonly reset_after: number
  readonly max_concurrency: number
}

/** What {@link identifyBudget} can be told. */
export interface IdentifyBudgetOptions {
  /** Starts of sessions in a day. @defaultValue 1000, Discord's own for small bots */
  readonly total?: number | undefined
  /** @defaultValue the total */
  readonly remaining?: number | undefined
  /** When the count begins anew. @defaultValue 86_400_000 */
  readonly resetAfterMs?: number | undefined
  /** How many shards may begin at once, by `shard % maxConcurrency`. @defaultValue 1 */
  readonly maxConcurrency?: number | undefined
  /** How far apart those of one bucket are. @defaultValue 5000 */
  readonly intervalMs?: number | undefined
  /** Starts that are never spent: at 0 Discord resets the token. @defaultValue 1 */
  readonly reserve?: number | undefined
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
}

/** How many sessions may still begin, for all shards of one token. */
export interface IdentifyBudget {
  readonly remaining: number
  /** Waits for this shard's turn; without budget it does not wait but says how long. @throws `signal.reason` */
  take(shard: number, signal?: AbortSignal): Promise<Admission>
  /** Takes over what the server says of it. */
  update(limit: SessionStartLimit): void
}

const dayMs = 86_400_000

/**
 * Spaces the starts of sessions and counts them, so that no loop of reconnects burns a day's worth: at
 * the last one Discord resets the bot's token
 * ({@link https://docs.discord.com/developers/events/gateway#session-start-limit-object}).
 *
 * @throws `RangeError` for a bad option
 */
export function identifyBudget({
  total = 1000,
  remaining = total,
  resetAfterMs = dayMs,
  maxConcurrency = 1,
  intervalMs = 5000,
  reserve = 1,
  clock = systemClock,
}: IdentifyBudgetOptions = {}): IdentifyBudget {
  const check = (values: Record<string, number>, min: number): void => {
    for (const [name, value] of Object.entries(values))
      checkNumber('identifyBudget', name, value, min)
  }
  check({ total, maxConcurrency }, 1)
  check({ remaining, resetAfterMs, intervalMs, reserve }, 0)
  let limit = total
  let left = remaining
  let buckets = maxConcurrency
  let resetAtMs = clock.now() + resetAfterMs
  /** When each bucket is free again. */
  const freeAtMs = new Map<number, number>()

  const renew = (nowMs: number): void => {
    if (nowMs < resetAtMs) return
    left = limit
    resetAtMs += Math.max(1, Math.ceil((nowMs - resetAtMs + 1) / dayMs)) * dayMs
  }

  return {
    get remaining() {
      renew(clock.now())
      return left
    },
    update(said) {
      limit = said.total
      left = said.remaining
      buckets = Math.max(1, said.max_concurrency)
      resetAtMs = clock.now() + said.reset_after
    },
    take(shard, signal) {
      const nowMs = clock.now()
      renew(nowMs)
      if (signal?.aborted) return Promise.reject(reasonOf(signal))
      if (left <= reserve)
        return Promise.resolve({ isAdmitted: false, retryAfterMs: resetAtMs - nowMs })
      const bucket = shard % buckets
      const turnAtMs = Math.max(nowMs, freeAtMs.get(bucket) ?? 0)
      freeAtMs.set(bucket, turnAtMs + intervalMs)
      left--
      if (turnAtMs === nowMs) return Promise.resolve({ isAdmitted: true })
      return new Promise((resolve, reject) => {
        const timer = clock.scheduleAt(turnAtMs, () => {
          release()
          resolve({ isAdmitted: true })
        })
        const release = onAbort(signal, (reason) => {
          timer.cancel()
          // A start that was not made is not spent; its turn may be, which only makes others wait.
          left++
          reject(reason)
        })
      })
    },
  }
}
