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

/** A mock that keeps what a resume may ask for, and finds half-open connections soon. */
export const faultyMock: MockOptions = {
  limits: { enabled: false },
  sockets: {
    heartbeatIntervalMs: 200,
    heartbeatGraceMs: 50,
    identifyWindowMs: 0,
    maxReplay: 20_000,
    sessionLifetimeMs: 600_000,
  },
}

/** Sends `rounds` × 50 numbered messages, with a fault in the midst of each round that a client comes back from. */
export async function faultRun(mock: Mock, rounds: number, seed: number): Promise<void> {
  const random = seededRandom(seed)
  const faults = [...quick, ...quick, ...quick, ...quick, ...slow]
  for (let round = 0; round < rounds; round++) {
    const { resumes } = mock.gateway.status
    mock.gateway.act({ kind: 'inject', count: 30 })
    mock.gateway.act(faults[Math.floor(random() * faults.length)] as SocketAction)
    mock.gateway.act({ kind: 'inject', count: 20 })
    await until(() => mock.gateway.status.resumes > resumes)
  }
}
