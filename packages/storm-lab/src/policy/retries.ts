import type { Random } from '@evenkeel/core'
import { decide, fullJitter } from '@evenkeel/retry'
import type { CallTable } from '../fleet/call-table.ts'
import type { RetryRules } from './client-rules.ts'
import { isRetryable, reachedOf, reaches } from './failure.ts'
import { costWeighted, type FleetBudget } from './fleet-budget.ts'

/** Whether and when a failed call is sent again: `decide` of @evenkeel/retry, and a budget, for a fleet. */
export class Retries {
  readonly #calls: CallTable
  readonly #rules
  readonly #maxRetries: number
  readonly #onlyIdempotent: boolean
  readonly #budget: FleetBudget | undefined

  constructor(
    {
      maxRetries = 3,
      backoff = fullJitter(),
      maxRetryAfterMs = 300_000,
      budget = costWeighted(),
      onlyIdempotent = true,
    }: RetryRules,
    calls: CallTable,
    clients: number,
    random: Random,
  ) {
    this.#calls = calls
    this.#rules = { backoff, maxRetryAfterMs, random }
    this.#maxRetries = maxRetries
    this.#onlyIdempotent = onlyIdempotent
    this.#budget = budget ? budget(clients, random) : undefined
  }

  started(call: number, nowMs: number): void {
    this.#budget?.onCall?.(this.#calls.client[call] as number, nowMs)
  }

  succeeded(call: number): void {
    const { client, paidFor } = this.#calls
    this.#budget?.onSuccess?.(client[call] as number, reaches[paidFor[call] as number])
  }

  /** The wait before the next attempt; -1 if there is none. */
  delayMs(
    call: number,
    status: number,
    hintMs: number | undefined,
    leftMs: number,
    nowMs: number,
  ): number {
    const calls = this.#calls
    const client = calls.client[call] as number
    const retry = calls.attempts[call] as number
    const previousMs = calls.delayMs[call] as number
    if (!isRetryable(status)) return -1
    const reached = reachedOf(status)
    this.#budget?.onFailure?.(client)
    const { delayMs, reason } = decide(
      {
        error: undefined,
        retryable: true,
        idempotent: !this.#onlyIdempotent || calls.isIdempotent[call] === 1,
        reached,
        retry,
        retriesLeft: this.#maxRetries - retry + 1,
        hintMs,
        previousDelayMs: retry > 1 ? previousMs : undefined,
        leftMs,
      },
      this.#rules,
      (far) => !this.#budget || this.#budget.tryTake(client, far, nowMs),
    )
    if (reason) return -1
    calls.delayMs[call] = delayMs
    calls.paidFor[call] = reaches.indexOf(reached)
    return delayMs
  }

  forget(client: number): void {
    this.#budget?.forget(client)
  }
}
