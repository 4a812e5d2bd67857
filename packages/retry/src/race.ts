import {
  type CallContext,
  Cancellation,
  type Clock,
  cancellationOf,
  derive,
  EvenkeelError,
  type Next,
  notify,
  type Release,
  type Timer,
} from '@evenkeel/core'
import type { HedgeEvent } from './events.ts'

/** How a call is hedged. */
export interface RaceRules {
  /** The wait before each copy; none is sent without. */
  readonly waitMs: number | undefined
  readonly maxHedges: number
  readonly clock: Clock
  readonly onEvent: ((event: HedgeEvent) => void) | undefined
  readonly onDiscarded: ((value: unknown) => void) | undefined
  readonly pay: () => boolean
  /** Told how long the first copy took, or that it took longer than this when another won. */
  readonly onAnswered: (elapsedMs: number) => void
}

/** Runs a call and, while it is slow, copies of it; settles once, and leaves nothing running. */
export function race<T>(
  next: Next<T>,
  context: CallContext,
  { waitMs, maxHedges, clock, onEvent, onDiscarded, pay, onAnswered }: RaceRules,
): Promise<T> {
  const { key, tag, attempt } = context
  const parent = cancellationOf(context)
  const startedMs = clock.now()
  return new Promise((resolve, reject) => {
    const running = new Set<Cancellation>()
    let sent = 0
    let settled = false
    let firstFailed = false
    let firstError: unknown
    let timer: Timer | undefined
    let unfollow: Release | undefined

    const settle = (reason: unknown): void => {
      settled = true
      timer?.cancel()
      unfollow?.()
      for (const loser of running) loser.abort(reason)
      running.clear()
    }
    const send = (): void => {
      const isFirst = sent++ === 0
      const cancellation = new Cancellation(parent)
      running.add(cancellation)
      // A copy is sent from a timer, where a throw would be nobody's.
      const copy = async (): Promise<T> => next(derive(context, { cancellation }))
      copy().then(
        (value) => {
          if (settled) return notify(onDiscarded, value)
          running.delete(cancellation)
          cancellation.release()
          if (!firstFailed) onAnswered(clock.now() - startedMs)
          settle(
            running.size
              ? new EvenkeelError('HEDGE_LOST', 'Another copy of the call answered first', {
                  key,
                  reached: 'maybe',
                  throttled: true,
                })
              : undefined,
          )
          resolve(value)
        },
        (error) => {
          running.delete(cancellation)
          cancellation.release()
          if (settled) return
          timer?.cancel()
          if (isFirst) {
            firstFailed = true
            firstError = error
          }
          if (running.size) return
          settle(undefined)
          reject(firstError)
        },
      )
      if (waitMs !== undefined && sent <= maxHedges)
        timer = clock.scheduleAt(clock.now() + waitMs, sendCopy)
    }
    const sendCopy = (): void => {
      if (pay()) {
        notify(onEvent, { type: 'hedged', key, tag, attempt, afterMs: clock.now() - startedMs })
        if (!settled) send()
      } else notify(onEvent, { type: 'budgetExhausted', key, tag, attempt })
    }
    unfollow = parent.onAbort((reason) => {
      settle(reason)
      reject(reason)
    })
    if (!settled) send()
  })
}
