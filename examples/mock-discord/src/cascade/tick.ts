import { type Service, services } from '../backend/service.ts'

/** What came and failed of one service. */
interface ServiceCounts {
  requests: number
  failures: number
}

/** What happened between two looks. */
export interface Tick {
  readonly services: Readonly<Record<Service, ServiceCounts>>
  requests: number
  retries: number
  /** Retries that came too early, or too often. */
  violations: number
  limited: number
  /** The sum of the times that requests took, in ms. */
  durationMs: number
  /** As of its end. */
  gauges: TickGauges
}

/** What is looked up rather than counted. */
export interface TickGauges {
  /** The share of the pool and its queue that is taken. */
  readonly usage: number
  /** Since the start. */
  readonly upgrades: { readonly accepted: number; readonly failed: number }
  /** The busy share of the media servers, by region. */
  readonly voiceCpu: Readonly<Record<string, number>>
}

export const idleGauges: TickGauges = {
  usage: 0,
  upgrades: { accepted: 0, failed: 0 },
  voiceCpu: {},
}

export function newTick(): Tick {
  return {
    services: Object.fromEntries(
      services.map((service) => [service, { requests: 0, failures: 0 }]),
    ) as Record<Service, ServiceCounts>,
    requests: 0,
    retries: 0,
    violations: 0,
    limited: 0,
    durationMs: 0,
    gauges: idleGauges,
  }
}

/** Adds up one count of a window. */
export function sum(window: readonly Tick[], count: (tick: Tick) => number): number {
  return window.reduce((total, tick) => total + count(tick), 0)
}
