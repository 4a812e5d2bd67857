import type { SocketsPatch } from '@evenkeel/mock-discord'
import { replayedHerd } from '@evenkeel/storm-lab'
import type { Scenario } from './scenario.ts'

const { sockets, acceptsPerSecond, acceptQueue } = replayedHerd.options

/** What Discord documents, in its own time. */
const identifyWindowMs = 5_000
const sessionLifetimeMs = 180_000

/** The Gateway of a fleet of this size, in its own time; a herd of the incident is so many times larger. */
export function gatewayFor(clients: number): {
  readonly acceptsPerSecond: number
  readonly acceptQueue: number
} {
  const ratio = clients / sockets
  return {
    acceptsPerSecond: acceptsPerSecond * ratio,
    acceptQueue: Math.max(1, Math.round(acceptQueue * ratio)),
  }
}

/** The mock's Gateway before the replay, when everybody connects; HELLO speaks in the clients' time. */
export function calmGateway({ scale }: Scenario): SocketsPatch {
  return {
    identifyWindowMs: identifyWindowMs / scale.time,
    sessionLifetimeMs: sessionLifetimeMs / scale.time,
  }
}

/** What it can bear from the start of the replay on, in real time. */
export function loadedGateway({ clients, scale }: Scenario): SocketsPatch {
  const { acceptsPerSecond, acceptQueue } = gatewayFor(clients)
  return {
    acceptPerSecond: acceptsPerSecond * scale.time,
    acceptQueueLength: acceptQueue,
    // Just those who were there.
    connectionLimit: clients,
  }
}
