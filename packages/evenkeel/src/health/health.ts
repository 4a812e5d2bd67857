import {
  type Clock,
  checkNoOther,
  checkNumber,
  errorCode,
  isThrottled,
  KeyedState,
  notify,
  type Timer,
  timeoutClock,
} from '@evenkeel/core'
import type { FetchEvent } from '@evenkeel/fetch'
import { assess, type KeyView, levelOf } from './assess.ts'
import type { HealthLevel, HealthReason } from './health-reason.ts'
import { KeyWindow } from './key-window.ts'

/** What {@link healthMonitor} can be told. */
export interface HealthOptions {
  /** How far back counts go. @defaultValue 30_000: as far as the breaker's failure rate */
  readonly windowMs?: number | undefined
  /** How long a level is kept once nothing speaks for it any more. @defaultValue 10_000: a banner must not flicker */
  readonly holdMs?: number | undefined
  /** Told of every change of level. */
  readonly onChange?: ((health: HealthState) => void) | undefined
  /** @defaultValue `timeoutClock` */
  readonly clock?: Clock | undefined
}

/** How an API is, and why. */
export interface HealthState {
  readonly level: HealthLevel
  readonly reasons: readonly HealthReason[]
}

/** Watches the calls of a client, and says how their API is. */
export interface HealthMonitor extends HealthState {
  /** Hears what calls do: for `onEvent` of `createFetch`. */
  observe(event: FetchEvent): void
  /** Takes in the level at which the server admits calls; nothing when it says so no more. */
  hint(key: string, level: number | undefined): void
  /** Stops its timer, and hears no more. */
  close(): void
}

/** What is known of a key besides its counts. */
interface KeyHealth {
  readonly window: KeyWindow
  /** Until when an open circuit says something: a while after a probe was due that nobody sent. */
  openUntilMs: [others: number, critical: number]
  isReopened: boolean
  cooldownUntilMs: number
  hintLevel: number | undefined
}

const order: readonly HealthLevel[] = ['calm', 'strained', 'storm']

/**
 * Judges an API by what a client's own calls meet: `calm`, `strained` or `storm`, with the reasons in words.
 *
 * A level rises at once. It falls by one step when for `holdMs` nothing has spoken for it.
 *
 * @throws `RangeError` for a bad option
 */
export function healthMonitor({
  windowMs = 30_000,
  holdMs = 10_000,
  onChange,
  clock = timeoutClock,
  ...others
}: HealthOptions = {}): HealthMonitor {
  checkNoOther('healthMonitor', others)
  checkNumber('healthMonitor', 'windowMs', windowMs, 1000)
  checkNumber('healthMonitor', 'holdMs', holdMs, 0)
  const keys = new KeyedState(
    (): KeyHealth => ({
      window: new KeyWindow(windowMs),
      openUntilMs: [-Infinity, -Infinity],
      isReopened: false,
      cooldownUntilMs: -Infinity,
      hintLevel: undefined,
    }),
    { maxKeys: 100, idleMs: 2 * windowMs, clock },
  )
  const startedMs = new WeakMap<object, number>()
  let level: HealthLevel = 'calm'
  let keptUntilMs = -Infinity
  let judgedAtMs = -Infinity
  let timer: Timer | undefined
  let isClosed = false

  function reasonsAt(nowMs: number): readonly HealthReason[] {
    const views = [...keys.entries()].map(([key, state]): KeyView => {
      const { window, openUntilMs, cooldownUntilMs } = state
      const { answers, lastAtMs } = window
      return {
        ...state,
        ...window,
        key,
        tally: window.sum(nowMs),
        isOpen: nowMs < Math.max(...openUntilMs),
        cooldownMs: cooldownUntilMs - nowMs,
        // What nobody asks any more is neither slow nor fast.
        answers: nowMs - lastAtMs < windowMs ? answers : 0,
      }
    })
    return assess(views, windowMs)
  }

  function judge(): void {
    const nowMs = clock.now()
    judgedAtMs = nowMs
    const reasons = reasonsAt(nowMs)
    const found = levelOf(reasons)
    const isWorse = order.indexOf(found) > order.indexOf(level)
    if (found === level || isWorse) keptUntilMs = nowMs + holdMs
    if (isWorse || (found !== level && nowMs >= keptUntilMs)) {
      level = isWorse ? found : (order[order.indexOf(level) - 1] as HealthLevel)
      keptUntilMs = nowMs + holdMs
      notify(onChange, { level, reasons })
    }
    timer?.cancel()
    // While something is wrong, time alone may mend it.
    if (level !== 'calm') timer = clock.scheduleAt(nowMs + Math.max(1000, holdMs / 10), judge)
  }

  /** Counts a request; one that this side took back says nothing. */
  function ended(call: { readonly key: string }, attempt: number, error: unknown): void {
    const code = errorCode(error)
    const isFailure = error !== undefined
    if (isFailure && (!code || code === 'HEDGE_LOST')) return
    const nowMs = clock.now()
    const { window } = keys.get(call.key)
    window.count(
      attempt > 1,
      !isFailure ? 'answered' : isThrottled(error) ? 'limited' : 'failed',
      nowMs,
    )
    const sinceMs = startedMs.get(call)
    if (!isFailure && sinceMs !== undefined) window.timed(nowMs - sinceMs)
    // Looking at all counts costs more than the call: of good news a look a second is enough.
    if (isFailure || nowMs - judgedAtMs >= 1000) judge()
  }

  return {
    get level() {
      return level
    },
    get reasons() {
      return reasonsAt(clock.now())
    },
    observe(event) {
      if (isClosed) return
      switch (event.type) {
        case 'attemptStarted':
          startedMs.set(event.call, clock.now())
          return
        case 'attemptFailed':
          ended(event.call, event.attempt, event.error)
          return
        case 'succeeded':
          ended(event.call, event.attempts, undefined)
          return
        case 'opened': {
          const state = keys.get(event.key)
          state.isReopened = event.reason === 'probeFailed'
          state.openUntilMs[Number(event.isCritical)] = clock.now() + event.openMs + windowMs
          break
        }
        case 'closed':
        case 'reset':
          for (const [key, state] of keys.entries())
            if (key === (event.key ?? key)) {
              if (event.type === 'closed') state.openUntilMs[Number(event.isCritical)] = -Infinity
              else state.openUntilMs = [-Infinity, -Infinity]
              if (Math.max(...state.openUntilMs) < clock.now()) state.isReopened = false
            }
          break
        case 'cooldownStarted':
          if (event.source === 'server')
            keys.get(event.key).cooldownUntilMs = clock.now() + event.waitMs
          break
        case 'cooldownEnded':
          keys.get(event.key).cooldownUntilMs = -Infinity
          break
        default:
          return
      }
      judge()
    },
    hint(key, hintLevel) {
      if (isClosed || keys.peek(key)?.hintLevel === hintLevel) return
      keys.get(key).hintLevel = hintLevel
      judge()
    },
    close() {
      isClosed = true
      timer?.cancel()
    },
  }
}
