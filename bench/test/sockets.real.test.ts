import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { measureMemory } from '../src/sockets/measure-memory.ts'
import { messageRaces, traffics } from '../src/sockets/message-races.ts'
import { batchLength } from '../src/sockets/payloads.ts'
import { type MessageServer, startMessageServer } from '../src/sockets/start-message-server.ts'
import { wireKinds } from '../src/sockets/wires.ts'

let server: MessageServer
beforeAll(async () => {
  server = await startMessageServer()
})
afterAll(() => server.stop())

describe.each(Object.keys(traffics))('%s', (name) => {
  it.each(messageRaces[name]?.contenders ?? [])(
    '$name gets a turn through, again and again',
    async ({ prepare }) => {
      const call = await prepare({ url: server.url, processId: 0, copy: 0 })
      for (let turn = 0; turn < 3; turn++) await call()
    },
  )
})

it.each(wireKinds)('$name holds something for each connection', async ({ name }) => {
  // Its process reads the packages' sources, as this one does.
  vi.stubEnv('NODE_OPTIONS', '--conditions=@evenkeel/source')
  const { heapBytes } = await measureMemory(name, server.url, batchLength)
  vi.unstubAllEnvs()
  expect(heapBytes).toBeGreaterThan(1000)
})
