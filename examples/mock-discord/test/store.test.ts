import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Files } from '../src/store/files.ts'
import { MessageLog } from '../src/store/message-log.ts'
import { Nonces, nonceMs } from '../src/store/nonces.ts'
import { compareIds, snowflakeAt, snowflakes, timestampOf } from '../src/store/snowflakes.ts'
import { fixedIds, Store } from '../src/store/store.ts'
import { StoredMessage } from '../src/store/stored-message.ts'

const start = 1_800_000_000_000

describe('ids', () => {
  it('carry the time they were made at', () => {
    expect(timestampOf(snowflakes(() => start)())).toBe(start)
    expect(timestampOf(snowflakeAt(start))).toBe(start)
  })

  it('rise, even within a millisecond or when the clock steps back', () => {
    const clock = { now: start }
    const next = snowflakes(() => clock.now)
    const ids = Array.from({ length: 10_000 }, (_, index) => {
      if (index === 5_000) clock.now -= 1_000
      return next()
    })
    expect(ids.every((id, index) => index === 0 || compareIds(ids[index - 1] ?? '', id) < 0)).toBe(
      true,
    )
    expect(ids.every((id) => /^\d{17,19}$/.test(id))).toBe(true)
  })
})

describe('a message log', () => {
  it('lists like a sorted array does, whatever was added and removed', () => {
    const id = fc.integer({ min: 1, max: 60 }).map(String)
    const operation = fc.record({ add: fc.boolean(), id })
    const query = fc.record({ id, limit: fc.integer({ min: 1, max: 10 }) })
    fc.assert(
      fc.property(fc.array(operation), query, (operations, { id: cut, limit }) => {
        const log = new MessageLog<{ id: string }>(1_000, () => {})
        let model: number[] = []
        for (const step of operations) {
          const present = log.get(step.id) !== undefined
          if (step.add && !present) log.add({ id: step.id })
          if (!step.add) log.delete(step.id)
          model = model.filter((each) => each !== Number(step.id))
          if (step.add) model.push(Number(step.id))
        }
        model.sort((a, b) => a - b)
        const ids = (found: { id: string }[]) => found.map((each) => Number(each.id))
        const older = model.filter((each) => each < Number(cut))
        const newer = model.filter((each) => each > Number(cut))
        expect(ids(log.latest(limit))).toEqual(model.slice(-limit).reverse())
        expect(ids(log.before(cut, limit))).toEqual(older.slice(-limit).reverse())
        expect(ids(log.after(cut, limit))).toEqual(newer.slice(0, limit).reverse())
        const from = Math.max(0, older.length - Math.floor(limit / 2))
        expect(ids(log.around(cut, limit))).toEqual(model.slice(from, from + limit).reverse())
      }),
    )
  })

  it('keeps to its capacity and says what went', () => {
    const gone: string[] = []
    const log = new MessageLog<{ id: string }>(100, ({ id }) => gone.push(id))
    const next = snowflakes(() => start)
    for (let index = 0; index < 1_000; index++) {
      log.add({ id: next() })
      expect(log.size).toBeLessThan(126)
    }
    expect(gone.length + log.size).toBe(1_000)
    expect(gone.every((id) => log.get(id) === undefined)).toBe(true)
  })
})

describe('nonces', () => {
  it('find what an author made in a channel, for five minutes', () => {
    const clock = { now: start }
    const nonces = new Nonces(() => clock.now)
    nonces.remember('author', 'channel', 'n', '1')
    expect(nonces.find('author', 'channel', 'n')).toBe('1')
    expect(nonces.find('other', 'channel', 'n')).toBeUndefined()
    expect(nonces.find('author', 'other', 'n')).toBeUndefined()
    clock.now += nonceMs
    expect(nonces.find('author', 'channel', 'n')).toBeUndefined()
  })

  it('are forgotten when they are too old', () => {
    const clock = { now: start }
    const nonces = new Nonces(() => clock.now)
    for (let index = 0; index < 1_000; index++) {
      nonces.remember('author', 'channel', String(index), '1')
      clock.now += 10_000
    }
    expect(nonces.size).toBeLessThanOrEqual(nonceMs / 10_000 + 1)
  })
})

describe('files', () => {
  it('stay within their bytes, the oldest going first and the newest never', () => {
    const files = new Files(100)
    const add = (path: string, size: number) =>
      files.add(path, { contentType: 'text/plain', bytes: new Uint8Array(size) })
    add('a', 60)
    add('b', 60)
    expect(files.get('a')).toBeUndefined()
    expect(files.bytes).toBe(60)
    add('c', 500)
    expect([files.get('b'), files.get('c')?.bytes.byteLength]).toEqual([undefined, 500])
  })
})

describe('the store', () => {
  const message = (store: Store, url: string) =>
    new StoredMessage({
      id: store.nextId(),
      channel_id: fixedIds.firstChannel,
      attachments: [{ id: '1', filename: 'a', size: 1, url, proxy_url: url }],
    } as StoredMessage['data'])

  it('has the same guild and channels in every run', () => {
    const store = new Store(() => start, { textChannels: 2 })
    expect(store.channelsOf(fixedIds.guild).map(({ id, name }) => [id, name])).toEqual([
      ['1000000000000000001', 'general'],
      ['1000000000000000002', 'channel-2'],
      ['1000000000000100001', 'voice'],
    ])
  })

  it('gives every credential a bot of its own', () => {
    const store = new Store(() => start)
    const bot = store.users.of('Bot a')
    expect(store.users.of('Bot a')).toBe(bot)
    expect(store.users.of('Bot b').id).not.toBe(bot.id)
    expect(store.users.get(bot.id)).toBe(bot)
  })

  it('forgets the files of a message with it, and of a channel with it', () => {
    const store = new Store(() => start)
    const file = { contentType: 'text/plain', bytes: new Uint8Array(1) }
    const messages = ['/attachments/1/1/a', '/attachments/1/2/a'].map((path) => {
      store.files.add(path, file)
      const stored = message(store, `http://host${path}`)
      store.addMessage(stored)
      return stored
    })
    store.removeMessage(fixedIds.firstChannel, messages[0]?.id ?? '')
    expect(store.files.size).toBe(1)
    store.removeChannel(fixedIds.firstChannel)
    expect(store.files.size).toBe(0)
    expect(store.channels.has(fixedIds.firstChannel)).toBe(false)
  })
})
