import { EvenkeelError, type FailureInit, type RunOptions, run } from '@evenkeel/core'
import { type ManualClock, manualClock, seededRandom } from '@evenkeel/core/testing'
import {
  type BreakerEvent,
  type CircuitBreaker,
  type CircuitBreakerOptions,
  circuitBreaker,
} from '../src/index.ts'

/** What an unwell server causes. */
export function failure(facts: FailureInit = {}): EvenkeelError {
  return new EvenkeelError('UNAVAILABLE', 'the server is unwell', {
    transient: true,
    reached: 'yes',
    ...facts,
  })
}

/** How a call ended, as data. */
export type Ending = { readonly value?: string; readonly error?: unknown }

/** A call under way, which the test ends. */
export interface Started {
  readonly isAdmitted: boolean
  succeed(): Promise<Ending>
  fail(error?: unknown): Promise<Ending>
  readonly ending: Promise<Ending>
}

/** A breaker on a manual clock, with what it told. Jitter is in the middle (none) unless chance is given. */
export function world(
  {
    clock = manualClock(),
    ...options
  }: Omit<CircuitBreakerOptions, 'clock'> & {
    readonly clock?: ManualClock
  } = {},
  chance: number | 'seeded' = 0.5,
) {
  const events: BreakerEvent[] = []
  const breaker: CircuitBreaker = circuitBreaker({
    clock,
    random: chance === 'seeded' ? seededRandom(1) : () => chance,
    onEvent: (event) => events.push(event),
    ...options,
  })

  function start(runOptions: RunOptions = {}): Started {
    let resolve: (value: string) => void = () => {}
    let reject: (error: unknown) => void = () => {}
    const result = new Promise<string>((...settle) => {
      ;[resolve, reject] = settle
    })
    // Of a call that was refused, nobody else sees how it ends.
    result.catch(() => {})
    let isAdmitted = false
    const ending = run(
      breaker,
      () => {
        isAdmitted = true
        return result
      },
      { clock, ...runOptions },
    ).then(
      (value): Ending => ({ value }),
      (error: unknown): Ending => ({ error }),
    )
    return {
      get isAdmitted() {
        return isAdmitted
      },
      ending,
      succeed: () => {
        resolve('ok')
        return ending
      },
      fail: (error = failure()) => {
        reject(error)
        return ending
      },
    }
  }

  const succeed = (runOptions?: RunOptions) => start(runOptions).succeed()
  const fail = (error?: unknown, runOptions?: RunOptions) => start(runOptions).fail(error)
  return {
    clock,
    events,
    breaker,
    start,
    succeed,
    fail,
    types: () => events.map(({ type }) => type),
    async failTimes(times: number, error?: unknown) {
      for (let each = 0; each < times; each++) await fail(error)
    },
  }
}
