import { seededRandom } from '../../src/backend/seeded-random.ts'
import type { Mock, MockOptions } from '../../src/index.ts'
import type { SocketAction } from '../../src/sockets/socket-action.ts'
import { until } from './until.ts'

const quick: readonly SocketAction[] = [
  { kind: 'drop' },
  { kind: 'reconnect' },
  { kind: 'restart' },
  { kind: 'close', code: 4000 },
]

/** These take a client a second each. */
const slow: readonly SocketAction[] = [
  { kind: 'half-open' },
  { kind: 'invalidate', resumable: true },
]

/**
 * A mock that keeps what a resume may ask for, and whose clients find half-open connections soon. It bears
 * with late beats: a 4009 would end the session, and on a busy machine every beat is late.
 */
export const faultyMock: MockOptions = {
  limits: { enabled: false },
  sockets: {
    heartbeatIntervalMs: 200,
    heartbeatGraceMs: 600_000,
    identifyWindowMs: 0,
    maxReplay: 20_000,
    sessionLifetimeMs: 600_000,
  },
}

/**
 * Sends `rounds` × 50 numbered messages, with a fault in the midst of each round that a client comes back from.
 * It waits for the client as long as that takes, or until `signal` aborts: how long is the test's to judge.
 */
export async function faultRun(
  mock: Mock,
  rounds: number,
  seed: number,
  signal: AbortSignal,
): Promise<void> {
  const random = seededRandom(seed)
  const faults = [...quick, ...quick, ...quick, ...quick, ...slow]
  const resumed = async (act: () => void): Promise<void> => {
    const { resumes } = mock.gateway.status
    act()
    await until(() => signal.aborted || mock.gateway.status.resumes > resumes, Infinity)
  }
  // Who is told op 7 has heard READY before it: a client that is cut off earlier has no session to resume.
  await resumed(() => mock.gateway.act({ kind: 'reconnect' }))
  for (let round = 0; round < rounds && !signal.aborted; round++)
    await resumed(() => {
      mock.gateway.act({ kind: 'inject', count: 30 })
      mock.gateway.act(faults[Math.floor(random() * faults.length)] as SocketAction)
      mock.gateway.act({ kind: 'inject', count: 20 })
    })
}
