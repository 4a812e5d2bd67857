import { deepQueue, downUntil, type HerdServer } from './herd-server.ts'

/** What befalls a herd. */
export interface HerdScenario {
  readonly name: string
  readonly title: string
  readonly clients: number
  /** When dials can succeed again after the loss of all connections. */
  readonly upAtMs: number
  /** How long it is watched, and how much of that is shown bar by bar. */
  readonly endMs: number
  readonly shownMs: number
  /** How many dials a second fill a bar. */
  readonly fullPerSecond: number
  /** How wide the server could have told its clients to spread, had they listened: 1.1 × clients ÷ handshakes per ms. */
  readonly hintMs?: number
  /** The most that evenkeel may do. */
  readonly targets: readonly HerdTarget[]
  server(): HerdServer
}

/** A bound of one contender in one scenario. */
export interface HerdTarget {
  readonly contender: string
  readonly peakPerSecond?: number
  readonly allBackMs: number
}

const secondsDown = 60

const down = (clients: number, targets: readonly HerdTarget[] = []): HerdScenario => ({
  name: `down-${clients}`,
  title: `${clients.toLocaleString('en-US')} clients, refused for ${secondsDown} s`,
  clients,
  upAtMs: secondsDown * 1000,
  endMs: 180_000,
  shownMs: 120_000,
  fullPerSecond: clients / 2,
  targets,
  server: () => downUntil(secondsDown * 1000),
})

export const herdScenarios: readonly HerdScenario[] = [
  down(10_000, [{ contender: 'evenkeel', peakPerSecond: 2500, allBackMs: 60_000 }]),
  down(100_000),
  {
    name: 'deep-queue',
    title: '50,000 clients, a queue of 500 handshakes/s, 10 s of patience',
    clients: 50_000,
    upAtMs: 0,
    endMs: 600_000,
    shownMs: 600_000,
    fullPerSecond: 5000,
    hintMs: 110_000,
    targets: [
      { contender: 'evenkeel', allBackMs: 600_000 },
      { contender: 'evenkeel, told to spread', allBackMs: 115_000 },
    ],
    server: () => deepQueue(500, 10_000),
  },
]
