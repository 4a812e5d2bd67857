import { reached, run } from '@evenkeel/core'
import { checkWord } from './checks.ts'
import type { OutboxEntry } from './entry.ts'
import type { EntryFact } from './events.ts'
import { judge, reasonToGiveUp, type Verdict } from './judge.ts'
import type { Resolution } from './options.ts'
import type { Parts } from './parts.ts'
import { payloadBytes } from './payload-bytes.ts'
import { deadAtMs } from './survey.ts'

/** Takes entries from the store to the server, and back if need be. All throw what the store throws. */
export interface Delivery<T, R> {
  /** Marks it as under way, sends it, and sees to what comes of that; `weather` learns of it. */
  deliver(before: OutboxEntry<T>, failures: number): Promise<unknown>
  /** Lets it wait again, as something else or not, unless another page has it now. */
  putBack(
    entry: OutboxEntry<T>,
    changes?: Partial<OutboxEntry<T>>,
  ): Promise<OutboxEntry<T> | undefined>
  /** Takes it out, for good. */
  end(entry: OutboxEntry<T>, fact: EntryFact<R>): Promise<unknown>
}

/** What a lease lasts beyond the longest send and the longest resolution. */
const leaseSlackMs = 60_000
/** The wait after which an entry goes again whose failure no callback could judge. */
const unjudged: Verdict = { laneMs: 60_000, holdMs: 0, askedMs: 0 }

export function createDelivery<T, R>({
  backlog,
  backoff,
  clock,
  createKey,
  epochMs,
  isFinal: finalIf,
  keyLifeMs,
  limit,
  maxAttempts,
  policy,
  random,
  resolution,
  send,
  sendTimeoutMs,
  signal,
  tell,
  weather,
}: Parts<T, R>): Delivery<T, R> {
  function answered(): void {
    weather.clearedMs = weather.succeededMs = epochMs()
  }

  const putBack: Delivery<T, R>['putBack'] = (entry, changes) =>
    backlog.change(entry, { leaseUntilMs: undefined, ...changes })

  function end(entry: OutboxEntry<T>, fact: EntryFact<R>): Promise<unknown> {
    // Told first: who crashes in between tells again, rather than never.
    backlog.show(entry.id)
    tell(entry, fact)
    return backlog.settle(entry.id)
  }

  /**
   * What an entry becomes, unless it is dropped. Another payload is another request: the server must not take it for the one it
   * knows by the key.
   */
  function changesBy(
    resolved: Resolution<T>,
    { idempotencyKey }: OutboxEntry<T>,
  ): Partial<OutboxEntry<T>> | undefined {
    if (Object.hasOwn(Object(resolved), 'replace')) {
      const { replace } = resolved as { readonly replace: T }
      return {
        payload: structuredClone(replace),
        bytes: payloadBytes(replace),
        idempotencyKey: idempotencyKey && createKey(),
        firstSentAtMs: undefined,
      }
    }
    checkWord('a resolution without replace', resolved, ['drop', 'retry'])
    return resolved === 'drop' ? undefined : {}
  }

  /** Sees to a send that failed. */
  async function fail(
    before: OutboxEntry<T>,
    entry: OutboxEntry<T>,
    error: unknown,
    failures: number,
  ): Promise<unknown> {
    // What did not get anywhere was no attempt.
    const { attempts, firstSentAtMs } = reached(error) === 'no' ? before : entry
    const counted = { ...entry, attempts, firstSentAtMs }
    let changes: Partial<OutboxEntry<T>> | undefined = {}
    let verdict = unjudged
    let reason = error
    let isFinal = false
    try {
      isFinal = finalIf({ entry, error })
      const judged = judge(counted, error, isFinal, failures, { backoff, random })
      if (isFinal)
        changes = changesBy(
          await run(limit, () => resolution({ entry, error }), { signal, clock }),
          entry,
        )
      verdict = judged
    } catch (thrown) {
      // A callback of the app failed: that must not lose the entry.
      reason = thrown
    }
    if (signal.aborted) return
    const wait = { fromMs: epochMs(), ...verdict, failures }
    if (isFinal) answered()
    else weather.lastWait = wait
    const failed = changes ? reasonToGiveUp(counted, error, isFinal, maxAttempts) : 'rejected'
    if (failed) return end(entry, { type: 'failed', reason: failed, error })
    const after = await putBack(counted, { ...changes, wait })
    const delayMs = Math.max(wait.laneMs, wait.holdMs, wait.askedMs)
    const retryAt = new Date(clock.wallNow() + delayMs)
    if (after) tell(after, { type: 'retryScheduled', error: reason, delayMs, retryAt })
  }

  return {
    async deliver(before, failures) {
      const nowMs = epochMs()
      const entry = await backlog.change(before, {
        attempts: before.attempts + 1,
        firstSentAtMs: before.firstSentAtMs ?? nowMs,
        leaseUntilMs: nowMs + 2 * sendTimeoutMs + leaseSlackMs,
      })
      if (!entry || signal.aborted) return
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
        return signal.aborted || fail(before, entry, error, failures + 1)
      }
      answered()
      return end(entry, { type: 'sent', result })
    },
    putBack,
    end,
  }
}
