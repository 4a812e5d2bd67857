import {
  EvenkeelError,
  type FailureInit,
  type Priority,
  type RunOptions,
  run,
} from '@evenkeel/core'
import { manualClock } from '@evenkeel/core/testing'
import { type BulkheadEvent, type BulkheadOptions, bulkhead } from '../src/index.ts'

/** What an unwell server causes. */
export function failure(facts: FailureInit = {}): EvenkeelError {
  return new EvenkeelError('UNAVAILABLE', 'the server is unwell', {
    transient: true,
    reached: 'yes',
    ...facts,
  })
}

/** How a call ended, as data. */
export type Ending = { readonly value?: string; readonly error?: EvenkeelError }

/** A call under way, which the test ends. */
export interface Started {
  readonly isStarted: boolean
  succeed(): Promise<Ending>
  fail(error?: unknown): Promise<Ending>
  abort(reason?: unknown): Promise<Ending>
  readonly ending: Promise<Ending>
}

/** A bulkhead of one place on a manual clock, and what it told. */
export function world(options: BulkheadOptions = {}) {
  const clock = manualClock()
  const events: BulkheadEvent[] = []
  const made = bulkhead({ clock, limit: 1, onEvent: (event) => events.push(event), ...options })
  /** The names of the calls that started, in order. */
  const starts: string[] = []
  const calls = new Map<string, Started>()
  let ended = 0
  const key = 'api'

  const call = <T>(action: () => T | PromiseLike<T>, runOptions: RunOptions = {}): Promise<T> =>
    run(made, action, { clock, key, ...runOptions })

  function start(name: string, runOptions: RunOptions = {}): Started {
    let resolve: (value: string) => void = () => {}
    let reject: (error: unknown) => void = () => {}
    const result = new Promise<string>((...settle) => {
      ;[resolve, reject] = settle
    })
    // Of a call that was refused, nobody else sees how it ends.
    result.catch(() => {})
    const controller = new AbortController()
    const ending = call(
      () => {
        starts.push(name)
        return result
      },
      { signal: controller.signal, ...runOptions },
    ).then(
      (value): Ending => ({ value }),
      (error: EvenkeelError): Ending => ({ error }),
    )
    const started: Started = {
      get isStarted() {
        return starts.includes(name)
      },
      ending,
      succeed() {
        resolve('ok')
        return ending
      },
      fail(error = failure()) {
        reject(error)
        return ending
      },
      abort(reason) {
        controller.abort(reason)
        return ending
      },
    }
    calls.set(name, started)
    return started
  }

  /** Ends the call that has run for longest. */
  const endOne = (): Promise<Ending> | undefined => calls.get(starts[ended++] ?? '')?.succeed()

  /** Ends one call after the other until none runs. */
  async function endAll(): Promise<void> {
    while (ended < starts.length) await endOne()
  }

  /** Calls of one kind, named by it: `critical 0`, `critical 1`, … */
  const crowd = (count: number, priority: Priority, runOptions: RunOptions = {}): Started[] =>
    Array.from({ length: count }, (_, each) =>
      start(`${priority} ${each}`, { priority, ...runOptions }),
    )

  const told = (...types: BulkheadEvent['type'][]) =>
    events.filter(({ type }) => types.includes(type))

  return {
    clock,
    events,
    bulkhead: made,
    starts,
    run: call,
    start,
    crowd,
    endOne,
    endAll,
    told,
    key,
    state: () => made.state(key),
  }
}
