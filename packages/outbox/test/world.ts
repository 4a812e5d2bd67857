import { EvenkeelError, type FailureInit, type Release } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import {
  createOutbox,
  type EnqueueOptions,
  type OutboxEntry,
  type OutboxEvent,
  type OutboxOptions,
  type OutboxSignal,
  type OutboxStore,
} from '../src/index.ts'
import { memoryStore } from '../src/memory.ts'

/** A failure that says of itself what it is. */
export function failure(facts: FailureInit = {}, code = 'UNAVAILABLE'): EvenkeelError {
  return new EvenkeelError(code, 'the server is unwell', {
    transient: true,
    reached: 'yes',
    ...facts,
  })
}

/** What the server says no to for good. */
export const conflict = (): EvenkeelError => failure({ transient: false }, 'CONFLICT')

/** What an open circuit says. */
export const circuitOpen = (retryAfterMs: number): EvenkeelError =>
  failure({ reached: 'no', throttled: true, retryAfterMs }, 'CIRCUIT_OPEN')

/** A send under way, which the test ends. */
export interface Sending {
  readonly entry: OutboxEntry<string>
  readonly signal: AbortSignal
  readonly atMs: number
  succeed(result?: string): void
  fail(error: unknown): void
}

/** A page, or a process: what it has apart from the store. */
function fakeSignals() {
  const listeners = new Set<(signal: OutboxSignal) => void>()
  return {
    online: true,
    listeners,
    isOnline() {
      return this.online
    },
    listen(listener: (signal: OutboxSignal) => void): Release {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell(signal: OutboxSignal) {
      for (const listener of [...listeners]) listener(signal)
    },
  }
}

export interface WorldOptions extends OutboxOptions<string, string> {
  readonly store?: OutboxStore
  /** How the server answers by itself; without it, the test ends each send. */
  readonly answer?: (entry: OutboxEntry<string>) => unknown
  readonly clock?: ReturnType<typeof manualClock>
}

let keys = 0

/** An outbox on a manual clock; chance is in the middle unless given. */
export function world({
  store = memoryStore(),
  answer,
  clock = manualClock(),
  ...options
}: WorldOptions = {}) {
  const sends: Sending[] = []
  const events: OutboxEvent<string, string>[] = []
  const signals = fakeSignals()
  const outbox = createOutbox<string, string>(
    store,
    (entry, { signal }) =>
      new Promise((resolve, reject) => {
        const sending: Sending = {
          entry,
          signal,
          atMs: clock.now(),
          succeed: (result = 'ok') => resolve(result),
          fail: reject,
        }
        sends.push(sending)
        if (answer)
          Promise.resolve(entry)
            .then(answer)
            .then((result) => resolve(String(result ?? 'ok')), reject)
      }),
    {
      clock,
      signals,
      random: () => 0.5,
      createKey: () => `key-${++keys}`,
      onEvent: (event) => events.push(event),
      ...options,
    },
  )
  const settle = () => clock.advance(0)
  return {
    outbox,
    store,
    clock,
    signals,
    sends,
    events,
    settle,
    /** The latest send. */
    get last(): Sending {
      return sends.at(-1) as Sending
    },
    payloads: () => sends.map(({ entry }) => entry.payload),
    types: () => events.map(({ type }) => type),
    /** What happened, of entries by payload. */
    told: () =>
      events.map((event) =>
        'entry' in event ? `${event.type} ${event.entry.payload}` : event.type,
      ),
    of: <K extends OutboxEvent['type']>(type: K) =>
      events.filter((event) => event.type === type) as Extract<
        OutboxEvent<string, string>,
        { type: K }
      >[],
    async enqueue(payload: string, enqueueOptions?: EnqueueOptions) {
      const entry = outbox.enqueue(payload, enqueueOptions)
      await settle()
      return entry
    },
    async succeed(result?: string) {
      sends.at(-1)?.succeed(result)
      await settle()
    },
    async fail(error: unknown = failure()) {
      sends.at(-1)?.fail(error)
      await settle()
    },
    waiting: async () => (await outbox.entries()).map(({ payload }) => payload),
  }
}

export { manualClock, seededRandom }
