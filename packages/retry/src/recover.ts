import {
  type CallContext,
  type Clock,
  cancellationOf,
  derive,
  GivenUp,
  givenUp,
  markGivenUp,
  type Next,
  notify,
  type Reached,
  reached,
  retryAfterMs,
  sleep,
} from '@evenkeel/core'
import pRetry from 'p-retry'
import type { RetryBudget } from './budget.ts'
import { decide, type FailedAttempt, type GiveUpReason, type RetryRules } from './decide.ts'
import type { RetryEvent } from './events.ts'
import { refusal } from './refusal.ts'

/** The settings of a retry policy, each given. */
export interface RecoverRules extends RetryRules {
  readonly maxRetries: number
  readonly budget: RetryBudget | undefined
  readonly shouldRetry: (failed: { error: unknown; context: CallContext }) => boolean
  readonly onEvent: ((event: RetryEvent) => void) | undefined
  readonly clock: Clock
  /** Whether a layer further out tries again. */
  readonly isGuest?: boolean | undefined
}

/** Who but this policy has the say in the retries of what failed so, `turn` being when the call began. */
function barredBy(error: unknown, rules: RecoverRules, turn: number): FailedAttempt['barred'] {
  if (rules.isGuest) return 'retriedOutside'
  const given = givenUp(error)
  // Some throw one error again and again: its mark may be of an earlier call, or this policy's own.
  if (!given || given.by === rules || (given instanceof GivenUp && given.turn <= turn))
    return undefined
  return given.by === 'server' ? 'forbiddenByServer' : 'givenUpInside'
}

/**
 * Takes over a call whose first attempt has failed: {@link decide} decides, p-retry counts and calls once there is a
 * retry to make, and the waits are on our clock.
 */
export function recover<T>(
  rules: RecoverRules,
  next: Next<T>,
  context: CallContext,
  firstError: unknown,
  turn: number,
): Promise<T> {
  const { maxRetries, budget, shouldRetry, onEvent, clock } = rules
  const { key, tag, idempotent, deadlineAtMs } = context
  const cancellation = cancellationOf(context)
  const before = context.attempt - 1
  let error = firstError
  let attempts = 1
  let paidFor: Reached | undefined
  let delayMs: number | undefined
  let reason: GiveUpReason = 'callbackThrew'

  /** Waits for the retry that follows the last failure; if none does, `error` is then what the caller gets. */
  function wait(retriesLeft: number): Promise<void> | undefined {
    const retryable = shouldRetry({ error, context })
    const barred = barredBy(error, rules, turn)
    const hintMs = retryAfterMs(error)
    const got = reached(error)
    if (retryable) budget?.onFailure?.(key, got)
    const decision = decide(
      {
        error,
        retryable,
        barred,
        idempotent,
        reached: got,
        retry: attempts,
        retriesLeft,
        hintMs,
        previousDelayMs: delayMs,
        leftMs: deadlineAtMs - clock.now(),
      },
      rules,
      (far) => !budget || budget.tryTake(key, far),
    )
    delayMs = decision.delayMs
    paidFor = got
    const attempt = before + attempts + 1
    if (decision.reason) {
      reason = decision.reason
      if (reason === 'budgetExhausted') notify(onEvent, { type: reason, key, tag, attempt })
      error = refusal(reason, delayMs, key, error, clock) ?? error
      // What this policy would have tried again, no layer further out should start over.
      if (maxRetries && retryable && !barred) markGivenUp(error, new GivenUp(rules))
      return undefined
    }
    notify(onEvent, { type: 'retryScheduled', key, tag, attempt, delayMs, error, hintMs })
    // Not its signal, which nobody may have asked for.
    return sleep(delayMs, cancellation, clock)
  }

  /** How the call was aborted, if it was. */
  function abortion(): { readonly reason: unknown } | undefined {
    let ended: { readonly reason: unknown } | undefined
    // A look at `context.signal` would make it.
    cancellation.onAbort((reason) => {
      ended = { reason }
    })()
    return ended
  }

  /** Tells why there are no more retries; returns what the caller gets. */
  function giveUp(thrown: unknown): unknown {
    if (abortion()) reason = 'aborted'
    notify(onEvent, {
      type: 'gaveUp',
      key,
      tag,
      attempts: before + attempts,
      reason,
      error: thrown,
    })
    return thrown
  }

  function retry(): Promise<T> {
    // Stands in for whatever was thrown: p-retry rewrites what is no Error and never retries a TypeError.
    const carrier: Error = Object.create(Error.prototype)
    /** As much of a signal as p-retry asks for when it waits by itself for nothing: those of React Native can't throw. */
    const heeded = {
      throwIfAborted() {
        const aborted = abortion()
        if (aborted) throw aborted.reason
      },
      addEventListener() {},
      removeEventListener() {},
    }
    return pRetry(
      async () => {
        attempts++
        try {
          return await next(derive(context, { attempt: before + attempts }))
        } catch (thrown) {
          error = thrown
          throw carrier
        }
      },
      {
        retries: maxRetries - 1,
        minTimeout: 0,
        signal: heeded as never,
        onFailedAttempt({ retriesLeft }) {
          const waiting = wait(retriesLeft)
          if (!waiting) throw error
          return waiting
        },
      },
    )
  }

  let first: Promise<void> | undefined
  try {
    const aborted = abortion()
    if (aborted) error = aborted.reason
    else first = wait(maxRetries)
  } catch (thrown) {
    error = thrown
  }
  if (!first) throw giveUp(error)
  return first.then(retry).then(
    (value) => {
      budget?.onSuccess?.(key, paidFor)
      return value
    },
    (thrown) => {
      throw giveUp(thrown)
    },
  )
}
