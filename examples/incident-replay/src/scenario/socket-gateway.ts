import type { SocketsPatch } from '@evenkeel/mock-discord'
import type { Scenario } from './scenario.ts'
import { sharedSockets } from './shared-scenario.ts'

/** What Discord documents, in its own time. */
const identifyWindowMs = 5_000
const sessionLifetimeMs = 180_000

/** The mock's Gateway before the replay, when everybody connects; HELLO speaks in the clients' time. */
export function calmGateway({ scale }: Scenario): SocketsPatch {
  return {
    identifyWindowMs: identifyWindowMs / scale.time,
    sessionLifetimeMs: sessionLifetimeMs / scale.time,
  }
}

/** What it can bear from the start of the replay on, in real time. */
export function loadedGateway({ clients, scale }: Scenario): SocketsPatch {
  const { acceptsPerSecond, acceptQueue } = sharedSockets
  return {
    acceptPerSecond: acceptsPerSecond / scale.rate,
    acceptQueueLength: Math.ceil(acceptQueue / scale.rate / scale.time),
    // Just those who were there.
    connectionLimit: clients,
  }
}
