import { batch } from '@evenkeel/batch'
import { compose, eitherSignal, notify, type Policy } from '@evenkeel/core'
import {
  adaptiveLimit,
  deferral,
  type NetworkMonitor,
  networkMonitor,
} from '@evenkeel/core/network'
import { createFetch, type FetchEvent } from '@evenkeel/fetch'
import type { OutboxFetch } from '@evenkeel/outbox/fetch'
import { costWeightedBudget, type RetryBudget } from '@evenkeel/retry'
import { resilientSocket, sharedDials } from '@evenkeel/websocket'
import { Listeners } from '@evenkeel/websocket/listenable'
import type { Client, ClientEvents, CloseOptions } from './client.ts'
import { clientFetch } from './client-fetch.ts'
import type { ClientOptions } from './client-options.ts'
import { type HealthMonitor, healthMonitor } from './health/health.ts'
import { inOwnName } from './in-own-name.ts'
import { Lifecycle } from './lifecycle.ts'
import { hearing, mergeOptions } from './merge-options.ts'
import { adaptiveHeartbeat, adaptiveWindowOf, observeDials } from './network-parts.ts'
import { httpOrigin, readBaseUrl, socketUrl } from './resolve-url.ts'
import { shedding } from './shedding.ts'

/**
 * Makes one client for one API. Its fetches, sockets, batches and outbox share breaker, retry budget and cooldowns, and
 * what they meet is judged together: `health` is `calm`, `strained` or `storm`, and in a storm `deferred` calls are
 * refused before they are sent. `network` is what is known of the network, which all of them follow.
 *
 * @throws `RangeError` for a bad option, `TypeError` for a `baseUrl` that is none
 */
export function createClient<O extends OutboxFetch | undefined = undefined>({
  preset = {},
  ...own
}: ClientOptions<O> = {}): Client<O> {
  const {
    baseUrl: base,
    singleFlight,
    health: healthOptions,
    shedsDeferred = true,
    sockets: socketDefaults,
    fleetHint,
    network: givenNetwork = {},
    bulkhead: givenBulkhead,
    shared: givenShared,
    outbox: givenOutbox,
    admission,
    onEvent,
    ...options
  } = mergeOptions(preset, own as ClientOptions<O>)
  const { clock, random } = options
  const host = { clock, random }
  const baseUrl = readBaseUrl(base)
  const key = baseUrl?.origin
  const life = new Lifecycle(key)
  const events = new Listeners<ClientEvents>()
  const isGiven = 'adaptation' in givenNetwork
  const network: NetworkMonitor = isGiven
    ? givenNetwork
    : networkMonitor({ ...givenNetwork, clock })
  const health: HealthMonitor | undefined =
    healthOptions === false
      ? undefined
      : healthMonitor({
          ...healthOptions,
          clock,
          onChange(state) {
            notify(healthOptions?.onChange, state)
            events.emit('healthChanged', state)
          },
        })
  const budget: RetryBudget | false =
    options.retry === false
      ? false
      : (options.retry?.budget ?? costWeightedBudget({ clock, random }))
  const sharing = givenShared?.(host)
  const bulkhead: (Policy & Partial<Disposable>) | undefined =
    typeof givenBulkhead === 'function'
      ? givenBulkhead({ clock, limit: adaptiveLimit(network) })
      : givenBulkhead
  const waiting = deferral(network, { clock })

  function hear(event: FetchEvent): void {
    health?.observe(event)
    if (fleetHint && 'call' in event)
      health?.hint(event.call.key, fleetHint.hint(event.call.key)?.level)
    if (onEvent) notify(onEvent, event)
    events.emit(event.type, event as never)
    if (event.type === 'closed') outbox?.outbox.flush()
  }

  const resilient = inOwnName(() =>
    createFetch({
      ...options,
      network,
      bulkhead,
      signal: life.ending,
      admission: compose(
        ...[waiting, fleetHint, admission].filter((policy) => policy !== undefined),
      ),
      ...(fleetHint && { fetch: fleetHint.reading(options.fetch) }),
      retry: options.retry === false ? false : { ...hearing(options.retry, hear), budget },
      rateLimit: options.rateLimit !== false && {
        ...hearing(options.rateLimit, hear),
        limits: [...(options.rateLimit?.limits ?? []), ...(sharing?.limits ?? [])],
      },
      circuitBreaker: hearing(options.circuitBreaker, hear),
      onEvent: hear,
    }),
  )
  const { rateLimit, circuitBreaker } = resilient.policies
  const shared = sharing?.start(resilient.policies)
  const dials = sharedDials({
    budget: budget || undefined,
    policy: compose(...[rateLimit, circuitBreaker].filter((policy) => policy !== undefined)),
  })
  const shed = shedsDeferred && health ? shedding(health, key, clock) : () => undefined
  const fetch = clientFetch(resilient, baseUrl, singleFlight, life, shed)
  const outbox = givenOutbox?.({
    ...host,
    fetch,
    baseUrl,
    onEvent: (event) => events.emit('outboxChanged', event),
  })
  const unlisten = network.listen((event) => {
    events.emit('networkChanged', event)
    const { before, facts } = event
    if (facts.state === 'online' && before.state !== 'online') outbox?.outbox.flush()
  })

  async function close({ drains = false }: CloseOptions = {}): Promise<void> {
    if (drains) await Promise.all([life.drain(), outbox?.outbox.pause()])
    // What is ended on this side says nothing of the API.
    health?.close()
    const ends = [outbox?.close(), life.end()]
    unlisten()
    if (!isGiven) network.close()
    if (typeof givenBulkhead === 'function') bulkhead?.[Symbol.dispose]?.()
    rateLimit?.close()
    shared?.close()
    await Promise.all(ends)
  }

  return {
    fetch,
    socket(url, given = {}) {
      const merged = { ...socketDefaults, ...given }
      const origin = typeof url === 'function' ? key : httpOrigin(url, baseUrl)
      const socket = resilientSocket(
        typeof url === 'function'
          ? async (dial) => socketUrl(await url(dial), baseUrl)
          : socketUrl(url, baseUrl),
        {
          ...merged,
          heartbeat: merged.heartbeat && adaptiveHeartbeat(network, merged.heartbeat, origin),
          dials,
          clock,
          random,
        },
      )
      observeDials(network, socket, origin)
      return life.socket(socket)
    },
    batch(load, given = {}) {
      return life.batch(
        batch(load, {
          key,
          clock,
          ...given,
          window: adaptiveWindowOf(network, given.window),
          signal: eitherSignal(life.closing, given.signal),
        }),
      )
    },
    outbox: outbox as O,
    health: {
      get level() {
        return health?.level ?? 'calm'
      },
      get reasons() {
        return health?.reasons ?? []
      },
    },
    network,
    shared,
    events,
    close,
    [Symbol.dispose]: () => void close(),
    [Symbol.asyncDispose]: () => close(),
  }
}
