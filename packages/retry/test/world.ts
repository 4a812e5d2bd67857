import { type CallContext, type EvenkeelError, type RunOptions, run } from '@evenkeel/core'
import { type ManualClock, manualClock, seededRandom } from '@evenkeel/core/testing'
import { type RetryEvent, type RetryOptions, retry } from '../src/index.ts'

/** An error as a host throws it. */
export function failure(
  facts: {
    transient?: boolean
    reached?: 'no' | 'maybe' | 'yes'
    retryAfterMs?: number
    throttled?: boolean
    code?: string
  } = {},
): Error {
  return Object.assign(new Error('503'), {
    [Symbol.for('evenkeel.failure')]: { transient: true, reached: 'yes', ...facts },
  })
}

/** What a call came to, the clock run to its end. */
export interface Outcome<T> {
  readonly value?: T
  readonly error?: unknown
  readonly settled: boolean
}

/** A retry policy on a clock of its own, an action that follows a script, and a record of all of it. */
export interface World {
  readonly clock: ManualClock
  readonly events: RetryEvent[]
  /** When each attempt began, and in which context. */
  readonly attempts: { readonly atMs: number; readonly context: CallContext }[]
  /** Starts a call; `script` gives each attempt in turn what it throws, the end of it success. */
  call(script: readonly unknown[], options?: RunOptions): Promise<string>
  /** Starts a call and runs the clock until nothing waits. */
  outcome(script: readonly unknown[], options?: RunOptions): Promise<Outcome<string>>
}

/** For ever the same failure. */
export function always(error: unknown): readonly unknown[] {
  return Array.from({ length: 1000 }, () => error)
}

export function world(options: RetryOptions = {}, seed = 1): World {
  const clock = manualClock()
  const events: RetryEvent[] = []
  const attempts: { atMs: number; context: CallContext }[] = []
  const policy = retry({
    clock,
    random: seededRandom(seed),
    onEvent: (event) => events.push(event),
    ...options,
  })
  const call = (script: readonly unknown[], runOptions: RunOptions = {}): Promise<string> => {
    let at = 0
    return run(
      policy,
      (context) => {
        attempts.push({ atMs: clock.now(), context })
        if (at < script.length) throw script[at++]
        return 'ok'
      },
      { clock, ...runOptions },
    )
  }
  return {
    clock,
    events,
    attempts,
    call,
    async outcome(script, runOptions) {
      let result: Outcome<string> = { settled: false }
      call(script, runOptions).then(
        (value) => {
          result = { value, settled: true }
        },
        (error: unknown) => {
          result = { error, settled: true }
        },
      )
      await clock.runAll()
      return result
    },
  }
}

/** The error of an outcome, as one of evenkeel's own. */
export function named({ error }: Outcome<unknown>): EvenkeelError {
  return error as EvenkeelError
}
