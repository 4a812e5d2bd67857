import { cancellationOf, type Reached, retryAfterMs, run } from '@evenkeel/core'
import { Connection, type ConnectionHandlers } from './connection.ts'
import { dialError, reachedOf } from './dial-error.ts'
import type { Loss } from './loss.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'
import { originOf } from './socket-url.ts'

/** Dials under the policy and the budget that a socket shares with others. */
export class Dialer {
  readonly #settings: Settings
  /** The failure domain; of a URL that only a function knows, one for all. */
  readonly key: string
  #paidFor: Reached | undefined

  constructor(settings: Settings) {
    this.#settings = settings
    const { key, fixedUrl } = settings
    this.key = key ?? (fixedUrl === undefined ? 'websocket' : originOf(fixedUrl))
  }

  /** Pays for a dial after a failed one. */
  pay(loss: Loss): boolean {
    const { budget } = this.#settings
    if (!budget || loss.phase !== 'connecting') return true
    const reached = reachedOf(loss)
    this.#paidFor = budget.tryTake(this.key, reached) ? reached : undefined
    return this.#paidFor !== undefined
  }

  /** Begins a dial; the handlers hear of it once, as of a connection. */
  dial(
    facts: { readonly attempt: number; readonly isRefresh: boolean },
    binaryType: string,
    handlers: ConnectionHandlers,
    session: Session | undefined,
    onStart: (connection: Connection) => void,
  ): void {
    const { policy, budget, priority, tag, clock } = this.#settings
    const { key } = this
    if (!this.#paidFor) budget?.onCall?.(key)
    let settle: ((loss?: Loss) => void) | undefined
    let ended: Loss | undefined
    const controller = policy && new AbortController()
    const onEnd = (loss: Loss): void => {
      ended = loss
      if (loss.phase === 'connecting') budget?.onFailure?.(key, reachedOf(loss))
      settle?.(loss)
      // A policy may still hold it back; one that is to count the failure must not see an abort.
      if (!settle || loss.cause === 'user') controller?.abort()
      handlers.onEnd(loss)
    }
    const own: ConnectionHandlers = {
      ...handlers,
      onOpen: (inner) => {
        budget?.onSuccess?.(key, this.#paidFor)
        this.#paidFor = undefined
        settle?.()
        handlers.onOpen(inner)
      },
      onEnd,
    }
    const connection = new Connection(this.#settings, own, session)
    onStart(connection)
    if (!policy) {
      connection.dial(facts, binaryType)
      return
    }
    run(
      policy,
      (context) =>
        new Promise<void>((resolve, reject) => {
          settle = (loss) => (loss ? reject(dialError(loss, key)) : resolve())
          // A policy that tries again does so in vain: when to dial again is decided elsewhere.
          if (ended) return settle(ended)
          cancellationOf(context).onAbort((error) => {
            if (connection.phase === 'connecting') connection.end('policy', { error })
          })
          connection.dial(facts, binaryType)
        }),
      { key, priority, tag, clock, signal: controller?.signal },
    ).catch((error) => {
      connection.end('policy', { error, retryAfterMs: retryAfterMs(error) })
    })
  }
}
