import { EvenkeelError, type FailureInit } from '@evenkeel/core'
import { type ManualClock, manualClock } from '@evenkeel/core/testing'
import { type BatchEvent, type BatchOptions, batch, type Load } from '../src/index.ts'

/** A failure of one key, or of all. */
export function failure(facts: FailureInit = {}): EvenkeelError {
  return new EvenkeelError('UNAVAILABLE', 'the server is unwell', {
    transient: true,
    reached: 'yes',
    ...facts,
  })
}

/** How a call ended, as data. */
export type Ending = { readonly value?: unknown; readonly error?: unknown }

export function ending(call: Promise<unknown>): Promise<Ending> {
  return call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
}

/** A batch on a manual clock, with the keys of every load; each key's value is the key in capitals. */
export function world(
  given: BatchOptions<string> | ((clock: ManualClock) => BatchOptions<string>) = {},
  load: Load<string, string> = (keys) => keys.map((key) => key.toUpperCase()),
) {
  const clock = manualClock()
  const options = typeof given === 'function' ? given(clock) : given
  const loads: string[][] = []
  const signals: AbortSignal[] = []
  const events: BatchEvent[] = []
  const letters = batch<string, string>(
    (keys, context) => {
      loads.push([...keys])
      signals.push(context.signal)
      return load(keys, context)
    },
    { clock, onEvent: (event) => events.push(event), ...options },
  )
  return { clock, loads, signals, events, letters }
}

/** Lets this tick's batch go, and its answer come. */
export async function tick(): Promise<void> {
  for (let i = 0; i < 60; i++) await undefined
}

/** A load that the test ends. */
export function heldLoad() {
  const held: {
    keys: readonly string[]
    resolve: (results: never) => void
    reject: (error: unknown) => void
  }[] = []
  const load: Load<string, string> = (keys) =>
    new Promise((resolve, reject) => held.push({ keys, resolve: resolve as never, reject }))
  return { held, load }
}
