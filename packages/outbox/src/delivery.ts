import { reached, run } from '@evenkeel/core'
import type { EntryWait, OutboxEntry } from './entry.ts'
import type { EntryFact } from './events.ts'
import { judge, type Verdict } from './judge.ts'
import type { Resolution } from './options.ts'
import type { Parts } from './parts.ts'
import { payloadBytes } from './payload-bytes.ts'
import { deadAtMs } from './survey.ts'

/** Takes entries from the store to the server, and back if need be. */
export interface Delivery<T, R> {
  /**
   * Marks it as under way, sends it, and sees to what comes of that. Gives `true` when the server
   * answered, the wait that follows when it did not, `false` when nothing was sent.
   *
   * @throws what the store throws
   */
  deliver(before: OutboxEntry<T>, failures: number): Promise<EntryWait | boolean>
  /** Sees to an entry whose sender is gone. @throws what the store throws */
  adopt(entry: OutboxEntry<T>): Promise<unknown>
  /** Takes it out, for good. */
  end(entry: OutboxEntry<T>, fact: EntryFact<R>): Promise<void>
}

/** What a lease lasts beyond the longest send and the longest resolution. */
const leaseSlackMs = 60_000
/** After which wait an entry goes again whose failure no callback could judge. */
const callbackRetryMs = 60_000

/** `signal` aborts when the outbox is closed. */
export function createDelivery<T, R>(
  { backlog, settings, send, epochMs, tell }: Parts<T, R>,
  signal: AbortSignal,
): Delivery<T, R> {
  const { clock, createKey, keyLifeMs, limit, policy, resolution, sendTimeoutMs } = settings

  function end(entry: OutboxEntry<T>, fact: EntryFact<R>): Promise<void> {
    // Told first: who crashes in between tells again, rather than never.
    backlog.show(entry.id, undefined)
    tell(entry, fact)
    return backlog.settle(entry.id)
  }

  /** Lets it wait again, unless another page has it now. @throws what the store throws */
  async function putBack(
    entry: OutboxEntry<T>,
    changes: Partial<OutboxEntry<T>>,
  ): Promise<OutboxEntry<T> | undefined> {
    const after = { ...entry, revision: entry.revision + 1, leaseUntilMs: undefined, ...changes }
    return (await backlog.commit([entry, after])) ? after : undefined
  }

  /** Another payload is another request: the server must not take it for the one it knows by the key. */
  const replacement = (
    { idempotencyKey }: OutboxEntry<T>,
    payload: T,
  ): Partial<OutboxEntry<T>> => ({
    payload: structuredClone(payload),
    bytes: payloadBytes(payload),
    idempotencyKey: idempotencyKey && createKey(),
    firstSentAtMs: undefined,
  })

  /** Sees to a send that failed; gives the wait that follows, `true` when the server said no for good. */
  async function fail(
    before: OutboxEntry<T>,
    entry: OutboxEntry<T>,
    error: unknown,
    failures: number,
  ): Promise<EntryWait | boolean> {
    // What did not get anywhere was no attempt.
    const { attempts, firstSentAtMs } = reached(error) === 'no' ? before : entry
    let changes: Partial<OutboxEntry<T>> = { attempts, firstSentAtMs }
    let verdict: Verdict
    let resolved: Resolution<T> = 'retry'
    let reason = error
    let isFinal = false
    try {
      isFinal = settings.isFinal({ entry, error })
      verdict = judge({ ...entry, attempts, error, isFinal, failures }, settings)
      if (isFinal) {
        resolved = await run(limit, () => resolution({ entry, error }), { signal, clock })
        if (typeof resolved === 'object') changes = replacement(entry, resolved.replace)
      }
    } catch (thrown) {
      // A callback of the app failed: that must not lose the entry.
      reason = thrown
      verdict = { laneMs: callbackRetryMs, holdMs: 0, askedMs: 0 }
    }
    if (signal.aborted) return false
    const { giveUp, laneMs, holdMs, askedMs } = verdict
    const wait = { fromMs: epochMs(), laneMs, holdMs, askedMs, failures }
    const failed = resolved === 'drop' ? 'rejected' : giveUp
    if (failed) await end(entry, { type: 'failed', reason: failed, error })
    else {
      const after = await putBack(entry, { ...changes, wait })
      const delayMs = Math.max(laneMs, holdMs, askedMs)
      const retryAt = new Date(clock.wallNow() + delayMs)
      if (after) tell(after, { type: 'retryScheduled', error: reason, delayMs, retryAt })
    }
    return isFinal || wait
  }

  return {
    async deliver(before, failures) {
      const nowMs = epochMs()
      const entry: OutboxEntry<T> = {
        ...before,
        revision: before.revision + 1,
        attempts: before.attempts + 1,
        firstSentAtMs: before.firstSentAtMs ?? nowMs,
        leaseUntilMs: nowMs + 2 * sendTimeoutMs + leaseSlackMs,
      }
      if (!(await backlog.commit([before, entry])) || signal.aborted) return false
      tell(entry, { type: 'sending' })
      let result: R
      try {
        result = await run(policy, (context) => send(entry, { signal: context.signal }), {
          signal,
          priority: entry.priority,
          idempotent: entry.idempotencyKey !== undefined,
          deadlineMs: deadAtMs(entry, keyLifeMs) - nowMs,
          clock,
          tag: entry,
        })
      } catch (error) {
        return !signal.aborted && fail(before, entry, error, failures + 1)
      }
      await end(entry, { type: 'sent', result })
      return true
    },
    adopt: (entry) =>
      entry.idempotencyKey === undefined
        ? end(entry, { type: 'failed', reason: 'outcomeUnknown' })
        : putBack(entry, {}),
    end,
  }
}
