import { isAbandoned } from '../abandoned.ts'
import { checkNumber } from '../check.ts'
import type { Clock } from '../clock.ts'
import { errorCode, isThrottled, isTransient, reached } from '../errors.ts'
import type { CallContext, Next, Policy } from '../policy.ts'
import { timeout } from '../timeout.ts'
import { type AttemptTimer, answeredAfter, timedOutAfter } from './attempt-timer.ts'
import type { NetworkMonitor, NetworkObservation } from './network-monitor-options.ts'

/** What a failure shows of the network, if anything. */
function outcomeOf(
  error: unknown,
  context: CallContext,
): NetworkObservation['outcome'] | undefined {
  if (isAbandoned(context)) return undefined
  if (errorCode(error) === 'TIMEOUT') return 'timedOut'
  if (isThrottled(error) || reached(error) === 'yes') return 'answered'
  return isTransient(error) ? 'unreachable' : undefined
}

/**
 * Ends an attempt after `timeoutMs`, or up to five times that: what the network asks for, or what attempts
 * at the key have needed of late, whichever is more (RFC 6298 §2), and twice as much after each timeout (§5.5).
 */
export function adaptiveTimeout(
  network: Pick<NetworkMonitor, 'adaptation' | 'observe'>,
  timerOf: (key: string) => AttemptTimer,
  timeoutMs: number,
  maxFactor: number,
  clock: Clock,
): Policy {
  checkNumber('networkMonitor', 'timeoutMs', timeoutMs, 1)
  return {
    name: 'timeout',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const { key } = context
      const timer = timerOf(key)
      const askedMs = timeoutMs * network.adaptation.timeoutFactor
      const limitMs = Math.min(Math.max(askedMs, timer.neededMs), timeoutMs * maxFactor)
      const startMs = clock.now()
      return timeout(limitMs, { clock })
        .execute(next, context)
        .then(
          (value) => {
            const elapsedMs = clock.now() - startMs
            answeredAfter(timer, elapsedMs)
            network.observe({ outcome: 'answered', key, elapsedMs })
            return value
          },
          (error) => {
            const outcome = outcomeOf(error, context)
            if (outcome === 'timedOut') timedOutAfter(timer, limitMs)
            if (outcome) network.observe({ outcome, key, elapsedMs: clock.now() - startMs })
            throw error
          },
        )
    },
  }
}
