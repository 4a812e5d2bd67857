import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { interfaceSignals, networkMonitor } from '../../src/network/index.ts'

it('learns from any fetch of the process', async () => {
  const server = createServer(async (_request, response) => {
    await wait(20)
    response.write(Buffer.alloc(40_000))
    await wait(100)
    response.end(Buffer.alloc(40_000))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const monitor = networkMonitor({ signals: interfaceSignals(os) })
  try {
    for (let each = 0; each < 3; each++) {
      const { port } = server.address() as AddressInfo
      await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer()
    }
    // Node.js tells its observers a little later.
    while (monitor.facts.downlinkKbps === undefined) await wait(5)
    const { state, rttMs = 0, downlinkKbps = 0 } = monitor.facts
    expect(state).toBe('online')
    expect(rttMs).toBeGreaterThan(19)
    // 80 kB in at least a tenth of a second.
    expect(downlinkKbps).toBeLessThan(6500)
  } finally {
    monitor.close()
    server.close()
    server.closeAllConnections()
  }
})
