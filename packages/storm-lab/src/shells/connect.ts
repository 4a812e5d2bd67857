import type { Clock, Priority, Random } from '@evenkeel/core'

/** What one client of a fleet is given in the place of the platform. */
export interface ClientPlatform {
  /** Sends to the simulated backend. */
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
  readonly random: Random
}

/** A call that a user makes. */
export interface ClientCall {
  /** Where to: what tells the simulator whose call it is. */
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly priority: Priority
  /** Whether it may be applied twice. */
  readonly idempotent: boolean
}

/** Makes one client: a function that makes calls, and resolves with what their users get. */
export type Connect = (platform: ClientPlatform) => (call: ClientCall) => Promise<Response>
