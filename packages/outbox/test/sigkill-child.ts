// A process with an outbox in a file, which somebody kills: `node sigkill-child.ts FILE ORIGIN FROM TO`.
import process from 'node:process'
import { EvenkeelError } from '@evenkeel/core'
import { fileStore } from '../src/file.ts'
import { createOutbox } from '../src/index.ts'

const [path = '', origin = '', from = '0', to = '0'] = process.argv.slice(2)

const outbox = createOutbox<number>(
  fileStore(path),
  async ({ id, payload, idempotencyKey }) => {
    const response = await fetch(origin, {
      method: 'POST',
      headers: { 'idempotency-key': idempotencyKey ?? '' },
      body: `${id} ${payload}`,
    })
    await response.text()
    if (!response.ok)
      throw new EvenkeelError('HTTP_STATUS', `status ${response.status}`, {
        reached: 'yes',
        transient: true,
      })
  },
  {
    replay: { startWindowMs: 1, startGapMs: 1, minGapMs: 1 },
    backoff: () => 5,
    onEvent(event) {
      if (event.type === 'failed') console.log(`failed ${event.entry.id}`)
    },
  },
)
for (let number = Number(from); number < Number(to); number++) {
  // One in ten has no key.
  const { id } = await outbox.enqueue(number, {
    lane: `${number % 5}`,
    idempotencyKey: number % 10 > 0,
  })
  console.log(`promised ${id} ${number}`)
}
while ((await outbox.entries()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
await outbox.close()
console.log('done')
