import { onTestFinished, test } from 'vitest'
import { runSize, startAckFaults } from './ack-faults.ts'
import { ackRun } from './ack-run.ts'
import { arrivalsTimeoutMs } from './arrivals.ts'

test(
  '10,000 numbered messages over 200 faults are neither lost nor doubled by the ack protocol',
  async () => {
    const server = await startAckFaults(1)
    onTestFinished(() => server.close())
    await ackRun(server.origin, runSize.messages)
  },
  arrivalsTimeoutMs,
)
