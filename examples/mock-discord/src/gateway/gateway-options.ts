import type { Service } from '../backend/service.ts'
import { number, oneOf, orUnlimited, partial, positive, type Reader } from '../options/readers.ts'
import { type BreakerOptions, readBreakerOptions } from './breaker-options.ts'
import { type QueueShares, readQueueShares } from './queue-limit.ts'

/** How a quota follows the backend: additive increase, multiplicative decrease. */
export interface AdaptiveOptions {
  /** Between two changes of the quota, in ms. */
  readonly intervalMs: number
  /** A backend whose queue would take longer than this to drain is overloaded. */
  readonly targetQueueMs: number
  /** Added to the quota per interval, in requests a second, while it is used and the backend keeps up. */
  readonly increasePerSecond: number
  /** What is left of the quota after an interval of overload. */
  readonly decreaseRatio: number
  /** The quota at the start, and its bounds, in requests a second per service. */
  readonly startPerSecond: number
  readonly minPerSecond: number
  readonly maxPerSecond: number
}

/** The limiter in front of the services. */
export interface GatewayOptions {
  /** `fixed` limits per service cannot follow capacity, `adaptive` quotas do. */
  readonly mode: 'off' | 'fixed' | 'adaptive'
  /** How fixed limits are counted; a window frees everybody at the same moment, a bucket one by one. */
  readonly algorithm: 'fixed-window' | 'token-bucket'
  /** Whose requests are counted together. */
  readonly scope: 'service' | 'client'
  /** Requests per window. */
  readonly limits: Readonly<Record<Service, number>>
  readonly windowMs: number
  /**
   * How clients are told: not at all, by `Retry-After` on refusals, by the fields of draft-ietf-httpapi-ratelimit-headers-10
   * on every reply, by both (`backpressure`), or in Discord's form.
   */
  readonly headers: 'none' | 'retry-after' | 'ratelimit' | 'backpressure' | 'discord'
  /** How long a refusal takes, in ms. */
  readonly rejectMs: number
  /** What the gateway itself can take in, in requests a second; more is answered 503. */
  readonly maxPerSecond: number
  readonly adaptive: AdaptiveOptions
  /** Requests that may wait for the backend; more are answered 503. */
  readonly queueLimit: number
  /** The part of that which requests of each priority may fill: the least urgent are shed first. */
  readonly queueShares: QueueShares
  /** Stops calling a service that fails. */
  readonly breaker: BreakerOptions
}

type Nested = 'limits' | 'adaptive' | 'queueShares' | 'breaker'

/** Any part of {@link GatewayOptions}, at any depth. */
export type GatewayPatch = Partial<Omit<GatewayOptions, Nested>> & {
  readonly limits?: Partial<Record<Service, number>> | undefined
  readonly adaptive?: Partial<AdaptiveOptions> | undefined
  readonly queueShares?: Partial<QueueShares> | undefined
  readonly breaker?: Partial<BreakerOptions> | undefined
}

const limit = orUnlimited(number(0))

/** Reads a change to the gateway. */
export const readGatewayPatch: Reader<GatewayPatch> = partial<GatewayPatch>({
  mode: oneOf('off', 'fixed', 'adaptive'),
  algorithm: oneOf('fixed-window', 'token-bucket'),
  scope: oneOf('service', 'client'),
  limits: partial<Record<Service, number>>({
    gateway: limit,
    messages: limit,
    voice: limit,
    files: limit,
    users: limit,
  }),
  windowMs: positive,
  headers: oneOf('none', 'retry-after', 'ratelimit', 'backpressure', 'discord'),
  rejectMs: number(0),
  maxPerSecond: orUnlimited(positive),
  adaptive: partial<AdaptiveOptions>({
    intervalMs: positive,
    targetQueueMs: positive,
    increasePerSecond: positive,
    decreaseRatio: number(0.01, 0.99),
    startPerSecond: positive,
    minPerSecond: positive,
    maxPerSecond: positive,
  }),
  queueLimit: orUnlimited(number(0)),
  queueShares: readQueueShares,
  breaker: readBreakerOptions,
})
