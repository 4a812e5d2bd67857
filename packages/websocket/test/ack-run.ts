import { expect } from 'vitest'
import { ackSession } from '../src/ack.ts'
import { resilientSocket } from '../src/index.ts'
import { arrivals } from './arrivals.ts'

/** Sends and receives numbered messages under the faults of the server at `origin`; none is lost or doubled. */
export async function ackRun(origin: string, messages: number): Promise<void> {
  const socket = resilientSocket(origin.replace('http', 'ws'), {
    reconnect: { firstWindowMs: 20, minDelayMs: 5, maxDelayMs: 40, whileHidden: true },
    queue: { maxMessages: messages, maxBytes: 1e6, ttlMs: 600_000 },
    session: ackSession(),
  })
  const heard: unknown[] = []
  const troubles: unknown[] = []
  let id = ''
  socket.on('message', ({ data }) => heard.push(data))
  socket.on('sessionStarted', (event) => {
    id = event.id
  })
  for (const type of ['sessionLost', 'undelivered', 'gap'] as const)
    socket.on(type, (event) => troubles.push([type, event]))
  let sent = 0
  const sends = Array.from({ length: messages }, (_, i) =>
    socket.send(`up ${i}`).then(
      () => sent++,
      // Told as undelivered, and found among the troubles.
      () => {},
    ),
  )
  await arrivals(() => heard.length + sent, 2 * messages)
  const taken = await (await fetch(`${origin}/${id}`)).json()
  socket.close()
  const expected = (way: string) => sends.map((_, i) => `${way} ${i}`)
  expect(troubles).toEqual([])
  expect(heard).toEqual(expected('down'))
  expect(taken).toEqual(expected('up'))
}
