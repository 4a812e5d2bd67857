import { remainingMs } from '@evenkeel/core/persistence'
import { type Cooldown, maxBackoffMs, maxSpreadMs } from './cooldown.ts'
import type { Limit } from './limit.ts'
import type { GateState, RateLimit } from './rate-limit-options.ts'
import type { Streak } from './reload-backoff.ts'
import { loadLanes, saveLanes } from './saved-buckets.ts'
import type { RateLimitSnapshot, SavedKey } from './saved-key.ts'

/** The longest hold that is taken over: one of more than a day is taken for a mistake. */
const longestHoldMs = 86_400_000
/** How far apart two tabs may write the same instant, by clocks that tick in milliseconds. */
const sameMs = 5
/** More refusals or failures in a row than this make no wait longer. */
const mostInARow = 64

/** By its shape: an app without it need not carry it. */
export const isStreak = (limit: Limit): limit is Streak => 'resume' in limit

/** Which keys, and what of them, a snapshot shall have. */
export interface SaveOptions {
  readonly key?: string | undefined
  readonly route?: string | undefined
  /** Whether the calls under way end now. */
  readonly isEnding?: boolean | undefined
}

/** Keeps what is worth keeping of rate limits, for after a reload or for another tab. */
export function saveRateLimit(
  { gates, clock }: RateLimit,
  { key: only, route, isEnding }: SaveOptions = {},
): RateLimitSnapshot {
  const [nowMs, savedAtMs] = [clock.now(), clock.wallNow()]
  const wallMs = (atMs: number): number => Math.max(atMs, nowMs - maxBackoffMs) - nowMs + savedAtMs

  function saveKey([key, { cooldown, limits }]: [string, GateState]): SavedKey[] {
    if ((only ?? key) !== key) return []
    const { untilMs, rampMs, refusals } = cooldown
    const isHeld = refusals > 0 || !cooldown.isOver(nowMs)
    const lanes = saveLanes(limits, nowMs, savedAtMs, route)
    const streak = limits.find(isStreak)
    if (isEnding) streak?.end(nowMs)
    const { failures = 0, notBeforeMs = 0, isSilent = false } = streak ?? {}
    // What a page has failed at is no news for the tabs beside it.
    const isUnwell = failures > 0 && only === undefined
    return isHeld || lanes.length || isUnwell
      ? [
          {
            key,
            cooldown: isHeld ? { untilMs: wallMs(untilMs), rampMs, refusals } : undefined,
            lanes: lanes.length ? lanes : undefined,
            streak: isUnwell ? { failures, notBeforeMs: wallMs(notBeforeMs), isSilent } : undefined,
          },
        ]
      : []
  }

  return { version: 1, savedAtMs, keys: [...gates.entries()].flatMap(saveKey) }
}

/**
 * Takes in what {@link saveRateLimit} kept, as far as it holds calls back for longer than what is known.
 *
 * @returns whether it was a snapshot at all
 */
export function loadRateLimit({ gates, clock }: RateLimit, snapshot: unknown): boolean {
  const { version, savedAtMs, keys } = Object(snapshot) as Partial<RateLimitSnapshot>
  if (version !== 1 || !Number.isFinite(savedAtMs) || !Array.isArray(keys)) return false
  const [nowMs, wallNowMs] = [clock.now(), clock.wallNow()]
  const leftOf = (atMs: unknown): number =>
    typeof atMs === 'number'
      ? Math.min(longestHoldMs, remainingMs(atMs, savedAtMs as number, wallNowMs))
      : Number.NaN

  for (const entry of keys as unknown[]) {
    const { key, cooldown, lanes, streak } = Object(entry) as Partial<SavedKey>
    if (typeof key !== 'string') continue
    const gate = gates.get(key)
    if (cooldown) loadCooldown(gate, cooldown, nowMs, leftOf(cooldown.untilMs))
    if (Array.isArray(lanes)) loadLanes(gate.limits, lanes, nowMs, leftOf)
    const leftMs = leftOf(streak?.notBeforeMs)
    if (streak && leftMs > -Infinity)
      gate.limits
        .find(isStreak)
        ?.resume(inARow(streak.failures), leftMs, streak.isSilent === true, nowMs)
  }
  return true
}

function loadCooldown(
  gate: GateState,
  { rampMs, refusals }: Pick<Cooldown, 'rampMs' | 'refusals'>,
  nowMs: number,
  leftMs: number,
): void {
  // One that has been over for longer than any of this side's waits is as good as none.
  if (!(leftMs > -maxBackoffMs)) return
  const { cooldown } = gate
  if (nowMs + leftMs > cooldown.untilMs + sameMs) {
    cooldown.untilMs = nowMs + leftMs
    cooldown.rampMs = rampMs >= 0 ? Math.min(rampMs, maxSpreadMs) : 0
    cooldown.started = 0
  }
  cooldown.refusals = Math.max(cooldown.refusals, inARow(refusals))
  gate.isCalm = false
}

const inARow = (count: unknown): number =>
  Number.isFinite(count) ? Math.min(Math.max(0, count as number), mostInARow) : 0
