import { type Batch, type BatchOptions, batch, type Load } from '@evenkeel/batch'
import { compose, EvenkeelError, notify } from '@evenkeel/core'
import {
  type CallOptions,
  createFetch,
  type FetchEvent,
  type ResilientFetch,
} from '@evenkeel/fetch'
import { costWeightedBudget, type RetryBudget } from '@evenkeel/retry'
import {
  type Listenable,
  type Provided,
  type ResilientSocket,
  type ResilientSocketOptions,
  resilientSocket,
  sharedDials,
} from '@evenkeel/websocket'
import { Listeners } from '@evenkeel/websocket/listenable'
import { clientFetch } from './client-fetch.ts'
import type { ClientOptions } from './client-options.ts'
import { type HealthMonitor, type HealthState, healthMonitor } from './health/health.ts'
import { mergeOptions } from './merge-options.ts'
import { socketUrl } from './resolve-url.ts'

/** What a client tells, by name. */
export type ClientEvents = {
  readonly [K in FetchEvent['type']]: Extract<FetchEvent, { readonly type: K }>
} & { readonly healthChanged: HealthState }

/** One client for one API: whatever goes through it shares what is known of the API's health. */
export interface Client extends Disposable {
  /** A drop-in fetch; URLs may be relative to `baseUrl`. @throws besides what `createFetch`'s throws, `SHED_IN_STORM` and `CLIENT_CLOSED` */
  readonly fetch: ResilientFetch
  /** A socket to the API, under the same budget, cooldowns and breaker. */
  socket(url: Provided<string | URL>, options?: ResilientSocketOptions): ResilientSocket
  /** A batch that ends with the client. */
  batch<K, V>(load: Load<K, V>, options?: BatchOptions<K>): Batch<K, V>
  /** How the API is, and why. */
  readonly health: HealthState
  readonly events: Listenable<ClientEvents>
  /** Ends it: sockets and batches are closed, waiting calls rejected. */
  close(): void
}

/** The least time until a storm is worth another look: that of a level which nothing speaks for. */
const shedForMs = 10_000

/**
 * Makes one client for one API. Its fetches, sockets and batches share breaker, retry budget and cooldowns, and what
 * they meet is judged together: `health` is `calm`, `strained` or `storm`, and in a storm `deferred` calls are
 * refused before they are sent.
 *
 * @throws `RangeError` for a bad option, `TypeError` for a `baseUrl` that is none
 */
export function createClient({ preset = {}, ...own }: ClientOptions = {}): Client {
  const {
    baseUrl: base,
    singleFlight,
    health: healthOptions,
    shedsDeferred = true,
    sockets: socketDefaults,
    fleetHint,
    onEvent,
    ...options
  } = mergeOptions(preset, own)
  const { clock, random } = options
  const baseUrl = base === undefined ? undefined : new URL(base, globalThis.location?.href)
  const events = new Listeners<ClientEvents>()
  const health: HealthMonitor | undefined =
    healthOptions === false
      ? undefined
      : healthMonitor({
          ...healthOptions,
          clock: options.clock,
          onChange(state) {
            notify(healthOptions?.onChange, state)
            events.emit('healthChanged', state)
          },
        })
  const budget: RetryBudget | false =
    options.retry === false
      ? false
      : (options.retry?.budget ?? costWeightedBudget({ clock, random }))
  const resilient = createFetch({
    ...options,
    ...(fleetHint && { admission: fleetHint, fetch: fleetHint.reading(options.fetch) }),
    retry: options.retry === false ? false : { ...options.retry, budget },
    onEvent(event) {
      health?.observe(event)
      if (fleetHint && 'call' in event)
        health?.hint(event.call.key, fleetHint.hint(event.call.key)?.level)
      if (onEvent) notify(onEvent, event)
      events.emit(event.type, event as never)
    },
  })
  const { rateLimit, circuitBreaker } = resilient.policies
  const dials = sharedDials({
    budget: budget || undefined,
    policy: compose(...[rateLimit, circuitBreaker].filter((policy) => policy !== undefined)),
  })
  const closing = new AbortController()
  const key = baseUrl?.origin

  const closed = (): EvenkeelError =>
    new EvenkeelError('CLIENT_CLOSED', 'The client has been closed', { key })

  function refusal({ priority }: CallOptions): EvenkeelError | undefined {
    if (closing.signal.aborted) return closed()
    if (!shedsDeferred || priority !== 'deferred' || health?.level !== 'storm') return undefined
    const [reason] = health.reasons
    const message = `Deferred calls wait until the storm is over${reason ? `: ${reason.text}` : ''}`
    const retryAfterMs = shedForMs
    return new EvenkeelError('SHED_IN_STORM', message, {
      key,
      transient: true,
      throttled: true,
      retryAfterMs,
      clock,
    })
  }

  function close(): void {
    if (closing.signal.aborted) return
    closing.abort(closed())
    rateLimit?.close()
    health?.close()
  }

  return {
    fetch: clientFetch(resilient, baseUrl, singleFlight, refusal),
    socket(url, given = {}) {
      const merged = { ...socketDefaults, ...given }
      const { signal } = closing
      return resilientSocket(
        typeof url === 'function'
          ? async (dial) => socketUrl(await url(dial), baseUrl)
          : socketUrl(url, baseUrl),
        {
          ...merged,
          signal: merged.signal ? AbortSignal.any([signal, merged.signal]) : signal,
          dials,
          clock,
          random,
        },
      )
    },
    batch: (load, given = {}) => {
      const { signal } = closing
      return batch(load, {
        key,
        clock,
        ...given,
        signal: given.signal ? AbortSignal.any([signal, given.signal]) : signal,
      })
    },
    health: {
      get level() {
        return health?.level ?? 'calm'
      },
      get reasons() {
        return health?.reasons ?? []
      },
    },
    events,
    close,
    [Symbol.dispose]: close,
  }
}
