import { backgroundClock, type Clock, systemClock } from '@evenkeel/core'

/** What a socket's limits are timed by. */
export interface Times {
  readonly clock: Clock
  /** Whether the socket keeps a process alive; a clock of the app's own decides that by itself. */
  readonly keepsAlive?: boolean
}

/** With the platform's clock a process lives for the socket, not for its limits. */
export function timesOf(clock: Clock): Times {
  const keepsAlive = clock === systemClock
  return { clock: keepsAlive ? backgroundClock : clock, keepsAlive }
}
