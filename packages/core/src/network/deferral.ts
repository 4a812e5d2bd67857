import { checkNumber } from '../check.ts'
import { type Clock, systemClock } from '../clock.ts'
import { cancellationOf } from '../context.ts'
import type { CallContext, Next, Policy } from '../policy.ts'
import type { NetworkMonitor } from './network-monitor-options.ts'

/** What {@link deferral} can be told. */
export interface DeferralOptions {
  /** After which wait a call goes all the same. @defaultValue 60_000: what is deferred for longer belongs into an outbox */
  readonly maxWaitMs?: number | undefined
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
}

/**
 * Lets calls of the priority `deferred` wait while the network is poor, absent, or the user saves data: until that
 * is over, `maxWaitMs` have passed, or half of the time that they have. Others pass.
 */
export function deferral(
  network: Pick<NetworkMonitor, 'adaptation' | 'listen'>,
  { maxWaitMs = 60_000, clock = systemClock }: DeferralOptions = {},
): Policy {
  checkNumber('deferral', 'maxWaitMs', maxWaitMs, 0)
  return {
    name: 'deferral',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      if (context.priority !== 'deferred' || !network.adaptation.defersDeferred)
        return next(context)
      return new Promise((resolve, reject) => {
        const nowMs = clock.now()
        const waitMs = Math.min(maxWaitMs, (context.deadlineAtMs - nowMs) / 2)
        const settle = (): void => {
          timer.cancel()
          release()
          unlink()
        }
        const go = (): void => {
          settle()
          resolve(next(context))
        }
        const timer = clock.scheduleAt(nowMs + waitMs, go)
        const release = network.listen(({ adaptation }) => {
          if (!adaptation.defersDeferred) go()
        })
        const unlink = cancellationOf(context).onAbort((reason) => {
          settle()
          reject(reason)
        })
      })
    },
  }
}
