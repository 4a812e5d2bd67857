import {
  cancellationOf,
  type Policy,
  type Priority,
  type Reached,
  retryAfterMs,
  run,
} from '@evenkeel/core'
import { dialError, reachedOf } from './dial-error.ts'
import type { DialGate, DialGateKind, GatedDial } from './dial-gate.ts'
import { originOf } from './socket-url.ts'

/** What pays for dials that follow failed ones; a `RetryBudget` of @evenkeel/retry is one. */
export interface DialBudget {
  /** A dial that follows no failed one. */
  onCall?(key: string): void
  /** A dial opened; `paidFor` is how far the one before it had got, if it was paid for. */
  onSuccess?(key: string, paidFor: Reached | undefined): void
  /** A dial failed. */
  onFailure?(key: string, reached: Reached): void
  /** Pays for one more dial, and says whether it could. */
  tryTake(key: string, reached: Reached): boolean
}

/** What {@link sharedDials} can be told. */
export interface SharedDialsOptions {
  /** Pays for dials after failed ones. @defaultValue none */
  readonly budget?: DialBudget | undefined
  /** Runs each dial, as a breaker shared with fetch does; it should not retry. @defaultValue none */
  readonly policy?: Policy | undefined
  /** What shares budget and policy. @defaultValue the origin, as `http:` or `https:` like fetch's; `'websocket'` when the URL is a function */
  readonly key?: string | undefined
  /** Of the dials, for `policy`. @defaultValue `'important'` */
  readonly priority?: Priority | undefined
  /** Comes back on every event of `policy`. */
  readonly tag?: unknown
}

/** Lets sockets dial under the budget, breaker and cooldown that they share with each other and with fetch. */
export function sharedDials({
  budget,
  policy,
  key: given,
  priority = 'important',
  tag,
}: SharedDialsOptions): DialGateKind {
  return (url, clock): DialGate => {
    const key = given ?? (url === undefined ? 'websocket' : originOf(url))
    let paidFor: Reached | undefined
    return {
      pay(loss) {
        if (!budget) return true
        const reached = reachedOf(loss)
        paidFor = budget.tryTake(key, reached) ? reached : undefined
        return paidFor !== undefined
      },
      dial(connection): GatedDial {
        if (!paidFor) budget?.onCall?.(key)
        let settle: (() => void) | undefined
        let controller: AbortController | undefined
        return {
          begin(dial) {
            if (!policy) return dial()
            controller = new AbortController()
            const { signal } = controller
            const action = (context: Parameters<Parameters<typeof run>[1]>[0]): Promise<void> =>
              new Promise((resolve, reject) => {
                settle = () => {
                  const { loss } = connection
                  if (loss) reject(dialError(loss, key))
                  else resolve()
                }
                // A policy that tries again does so in vain: when to dial again is decided elsewhere.
                if (connection.loss) return settle()
                cancellationOf(context).onAbort((error) => {
                  if (connection.phase === 'connecting') connection.end('policy', { error })
                })
                dial()
              })
            run(policy, action, { key, priority, tag, clock, signal }).catch((error) => {
              connection.end('policy', { error, retryAfterMs: retryAfterMs(error) })
            })
          },
          opened() {
            budget?.onSuccess?.(key, paidFor)
            paidFor = undefined
            settle?.()
          },
          ended(loss) {
            if (loss.phase === 'connecting') budget?.onFailure?.(key, reachedOf(loss))
            settle?.()
            // A policy may still hold it back; one that is to count the failure must not see an abort.
            if (!settle || loss.cause === 'user') controller?.abort()
          },
        }
      },
    }
  }
}
