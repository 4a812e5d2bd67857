import type { TestProject } from 'vitest/node'
import { startMock } from '../examples/mock-discord/src/index.ts'
import { faultRun, faultyMock } from '../examples/mock-discord/test/sockets/fault-run.ts'
import { until } from '../examples/mock-discord/test/sockets/until.ts'
import { runSize, startAckFaults } from '../packages/websocket/test/ack-faults.ts'

/** How many rounds of 50 messages and a fault the mock goes through. */
const rounds = 200

/** Starts the servers that break lines while a browser counts. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const ack = await startAckFaults(1)
  project.provide('ackFaults', { origin: ack.origin, messages: runSize.messages })
  const mock = await startMock(faultyMock)
  project.provide('gatewayFaults', { origin: mock.url, messages: rounds * 50 })
  const controller = new AbortController()
  const { signal } = controller
  // The run begins with the first bot, and ends early with the tests.
  const run = until(() => signal.aborted || mock.gateway.status.identifies > 0, Infinity)
    .then(() => faultRun(mock, rounds, 3, signal))
    .catch((error: unknown) => error)
  return async () => {
    controller.abort()
    const failure = await run
    await Promise.all([ack.close(), mock.close()])
    // The test that waited in vain has failed; this is why.
    if (failure) throw failure
  }
}
