import { EvenkeelError } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { expect, it } from 'vitest'
import { createOutbox, dropOldest, type OutboxEntry, type OutboxStore } from '../src/index.ts'
import { memoryStore } from '../src/memory.ts'

const broken = new Error('disk on fire')
const ends = /^(sent|failed|expired|superseded|evicted|removed)$/

/** A page whose store is slow, fails, and has been changed by somebody else more often than not in some runs. */
async function contendedRun(seed: number) {
  const random = seededRandom(seed)
  const oneOf = <T>(...from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const clock = manualClock()
  const inner = memoryStore()
  const after = (ms: number) =>
    new Promise<void>((resolve) => clock.scheduleAt(clock.now() + ms, resolve))
  const [slowMs, conflicts, failures] = [oneOf(0, 1, 20), oneOf(0, 0.1, 0.6), oneOf(0, 0, 0.05)]
  let last: Promise<unknown> = Promise.resolve()
  const inOrder = <T>(operate: () => Promise<T>): Promise<T> => {
    const answer = last.then(async () => {
      if (slowMs) await after(Math.ceil(random() * slowMs))
      if (random() < failures) throw broken
      return operate()
    })
    last = answer.catch(() => {})
    return answer
  }
  const store: OutboxStore = {
    read: () => inOrder(inner.read),
    write: (changes) =>
      inOrder(async () =>
        changes.some(({ entry }) => entry) && random() < conflicts ? false : inner.write(changes),
      ),
    close: inner.close,
  }

  const stored = new Map<string, OutboxEntry>()
  const ended = new Map<string, string>()
  /** By lane, the highest id sent. */
  const sent = new Map<string, string>()
  /** How often an entry without a key may have been applied. */
  const applied = new Map<string, number>()
  const wrong: string[] = []
  const outbox = createOutbox<string, string>(
    store,
    async ({ id, lane, idempotencyKey }) => {
      if (ended.has(id)) wrong.push(`${id} is sent after it was ${ended.get(id)}`)
      if (id < (sent.get(lane) ?? '')) wrong.push(`${id} is sent after ${sent.get(lane)}`)
      sent.set(lane, id)
      await after(Math.ceil(random() * 30))
      const what = random()
      if (what > 0.9) throw new EvenkeelError('REFUSED', 'no', { reached: 'yes' })
      if (what > 0.8) throw new EvenkeelError('OPEN', 'not now', { transient: true })
      if (idempotencyKey === undefined) applied.set(id, (applied.get(id) ?? 0) + 1)
      if (what > 0.7) throw new Error('lost')
      return 'ok'
    },
    {
      clock,
      random,
      maxConcurrent: oneOf(1, 4),
      maxEntries: oneOf(5, 1000),
      overflow: oneOf(undefined, dropOldest),
      duplicates: oneOf('replace', 'reject'),
      backoff: () => random() * 200,
      resolution: () => oneOf('drop', 'retry'),
      onEvent(event) {
        if (!('entry' in event && ends.test(event.type))) return
        const { id } = event.entry
        if (ended.has(id)) wrong.push(`${id} is ${event.type} after it was ${ended.get(id)}`)
        ended.set(id, event.type)
      },
    },
  )
  const refusals: string[] = []
  const act = (doing: Promise<unknown>): unknown =>
    doing.catch(({ code, message }) => refusals.push(code ?? message))
  for (let step = 0; step < 60; step++) {
    const what = random()
    const id = oneOf(...stored.keys())
    if (what < 0.5)
      act(
        outbox
          .enqueue(`${step}`, {
            lane: oneOf('a', 'b', 'c'),
            idempotencyKey: oneOf(true, true, false),
            dedupKey: oneOf(undefined, undefined, 'one', 'two'),
          })
          .then((entry) => stored.set(entry.id, entry)),
      )
    else if (what < 0.55 && id) act(outbox.edit(id, 'edited'))
    else if (what < 0.6 && id) act(outbox.remove(id))
    else if (what < 0.63) act(outbox.pause())
    else if (what < 0.7) outbox.resume()
    else await clock.advance(oneOf(0, 1, 10, 100))
  }
  outbox.resume()
  // Longer than any entry lives.
  for (let each = 0; each < 400; each++) await clock.advance(5000)
  const left = (await inner.read()).length
  await outbox.close()
  const lost = [...stored.keys()].filter((id) => !ended.has(id))
  const doubled = [...applied.values()].filter((times) => times > 1).length
  return { wrong, refusals, figures: { left, lost, doubled, pending: clock.pending } }
}

it('an outbox over a slow store that fails, and that others change, keeps order and promises', async () => {
  const refused = new Set<string>()
  for (let seed = 1; seed <= 500; seed++) {
    const { wrong, refusals, figures } = await contendedRun(seed)
    expect({ seed, wrong, ...figures }).toEqual({
      seed,
      wrong: [],
      left: 0,
      lost: [],
      doubled: 0,
      pending: 0,
    })
    for (const each of refusals) refused.add(each)
  }
  expect([...refused].sort()).toEqual([
    'DUPLICATE_ENTRY',
    'QUEUE_FULL',
    'STORE_CONFLICT',
    'disk on fire',
  ])
})
