// What runs in a page that somebody kills: it puts numbers into an outbox that all pages share, and sends them.
import { EvenkeelError } from '@evenkeel/core'
import { createOutbox } from '../src/index.ts'
import { indexedDbStore } from '../src/indexed-db.ts'

const [name = '', from = '0', to = '0', step = '1'] = location.search.slice(1).split('&')

/** Tells before anything else happens: a page that dies next has told. */
function tell(path: string): void {
  const request = new XMLHttpRequest()
  request.open('POST', `/${name}/${path}`, false)
  request.send()
}

const outbox = createOutbox<number>(
  indexedDbStore('crash'),
  async ({ id, idempotencyKey }) => {
    const response = await fetch(`/${name}/apply/${id}`, {
      method: 'POST',
      headers: { 'idempotency-key': idempotencyKey ?? '' },
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
      if (event.type === 'failed' && !event.isRemote) tell(`failed/${event.entry.id}`)
    },
  },
)
for (let number = Number(from); number < Number(to); number += Number(step)) {
  // One in ten has no key.
  const { id } = await outbox.enqueue(number, {
    lane: `${number % 5}`,
    idempotencyKey: number % 10 > 1,
  })
  tell(`promised/${id}/${number}`)
}
while ((await outbox.entries()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
tell('done')
