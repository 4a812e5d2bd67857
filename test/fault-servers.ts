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
  let isOver = false
  // The run begins with the first bot, and ends early with the mock.
  const run = until(() => isOver || mock.gateway.status.identifies > 0, Infinity)
    .then(() => (isOver ? undefined : faultRun(mock, rounds, 3)))
    .catch((error) => {
      if (!isOver) throw error
    })
  return async () => {
    isOver = true
    await run
    await Promise.all([ack.close(), mock.close()])
  }
}
