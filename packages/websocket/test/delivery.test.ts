import { describe, expect, it } from 'vitest'
import { readyWhen } from '../src/index.ts'
import { world } from './world.ts'

const outcomes = (w: ReturnType<typeof world>) =>
  w.events('undelivered').map(({ data, outcome }) => `${data} ${outcome}`)

describe('a message', () => {
  it('goes out at once on an open connection', async () => {
    const w = world()
    await w.accept()
    await w.socket.send('hello')
    expect([w.inner.sent, w.clock.pending]).toEqual([['hello'], 0])
  })

  it('waits for a connection, in order, and is then sent', async () => {
    const w = world()
    const sent = [w.socket.send('a'), w.socket.send('b')]
    expect([w.socket.queuedMessages, w.socket.bufferedAmount]).toEqual([2, 2])
    await w.accept()
    await Promise.all(sent)
    expect([w.inner.sent, w.socket.bufferedAmount, w.clock.pending]).toEqual([['a', 'b'], 0, 0])
  })

  it('goes stale after 30 s, or sooner if it says so', async () => {
    const w = world({ connectTimeoutMs: 60_000 })
    const sent = w.socket.send('a')
    void w.socket.send('b', { ttlMs: 10 })
    await w.clock.advance(10)
    expect(outcomes(w)).toEqual(['b expired'])
    await w.clock.advance(29_990)
    await expect(sent).rejects.toMatchObject({ code: 'MESSAGE_EXPIRED' })
    expect(outcomes(w)).toEqual(['b expired', 'a expired'])
  })

  it('is refused when the queue is full, and reported if nobody waits', async () => {
    const w = world({ queue: { maxMessages: 1 } })
    void w.socket.send('a')
    await expect(w.socket.send('b')).rejects.toMatchObject({ code: 'QUEUE_FULL', transient: true })
    expect(outcomes(w)).toEqual(['b overflow'])
  })

  it.each([
    [2000, 1, 1000],
    [2000, 2000, 524],
  ])('of %d, %d bytes long, %d may wait; the rest is refused', async (count, bytes, kept) => {
    const w = world()
    const data = 'x'.repeat(bytes)
    let refused = 0
    const all = Array.from({ length: count }, () => w.socket.send(data).catch(() => refused++))
    expect(w.socket.queuedMessages).toBe(kept)
    await w.accept()
    await Promise.all(all)
    expect([refused, w.inner.sent.length, outcomes(w).length]).toEqual([
      count - kept,
      kept,
      count - kept,
    ])
  })

  it('is rejected when the queue drops it, or another replaces it', async () => {
    const w = world({ queue: { maxMessages: 1, overflow: 'drop-oldest' } })
    const sent = [w.socket.send('a'), w.socket.send('b', { coalesceKey: 'k' })]
    void w.socket.send('c', { coalesceKey: 'k' })
    await expect(sent[0]).rejects.toMatchObject({ code: 'QUEUE_FULL' })
    await expect(sent[1]).rejects.toMatchObject({ code: 'MESSAGE_SUPERSEDED' })
    expect(outcomes(w)).toEqual(['a overflow', 'b superseded'])
  })

  it('after close() is refused', async () => {
    const w = world()
    const waiting = w.socket.send('a')
    w.socket.close()
    await expect(w.socket.send('b')).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
    await expect(waiting).rejects.toMatchObject({ code: 'SOCKET_CLOSED' })
    expect(outcomes(w)).toEqual(['b closed', 'a closed'])
  })

  it.each([
    [42, '42'],
    [undefined, 'undefined'],
    [true, 'true'],
  ])('%o waits in words, as the platform sends it', async (given, words) => {
    const w = world()
    const sent = w.socket.send(given as never)
    expect(w.socket.bufferedAmount).toBe(words.length)
    const inner = await w.accept()
    await sent
    expect(inner.sent).toEqual([words])
  })

  it('waits while the buffer of the connection is full, and goes when that has drained', async () => {
    const w = world({ queue: { highWaterBytes: 10 } })
    const inner = await w.accept()
    inner.bufferedAmount = 10
    const sent = w.socket.send('a')
    expect([inner.sent, w.socket.bufferedAmount]).toEqual([[], 11])
    await w.clock.advance(500)
    expect(inner.sent).toEqual([])
    inner.bufferedAmount = 0
    await w.clock.advance(50)
    await sent
    expect(inner.sent).toEqual(['a'])
  })

  it('goes at once where the platform does not tell what is buffered, as in Workers', async () => {
    const w = world()
    const inner = await w.accept()
    inner.bufferedAmount = undefined as never
    await w.socket.send('a')
    expect([inner.sent, w.clock.pending]).toEqual([['a'], 0])
  })

  it('that waits for room is handed over by close()', async () => {
    const w = world({ queue: { highWaterBytes: 10 } })
    const inner = await w.accept()
    inner.bufferedAmount = 10
    const sent = w.socket.send('a')
    w.socket.close()
    await sent
    expect([inner.sent, inner.closed]).toEqual([['a'], [[]]])
    inner.end(1000)
    expect([outcomes(w), w.clock.pending]).toEqual([[], 0])
  })

  it('that the connection may still have held when it died is reported', async () => {
    const w = world()
    const inner = await w.accept()
    for (const data of ['aaa', 'bbb', 'ccc']) {
      inner.bufferedAmount += 3
      await w.socket.send(data)
    }
    inner.bufferedAmount = 4
    await w.clock.advance(50)
    inner.cut()
    expect(outcomes(w)).toEqual(['bbb unknown', 'ccc unknown'])
  })

  it('that has left is not reported, nor what a clean end of ours let out', async () => {
    const w = world()
    const inner = await w.accept()
    inner.bufferedAmount = 8
    await w.socket.send(new Uint8Array(8))
    inner.bufferedAmount = 0
    await w.clock.advance(50)
    inner.bufferedAmount = 3
    await w.socket.send('bbb')
    w.socket.close()
    inner.end(1005)
    expect(outcomes(w)).toEqual([])
  })

  it('stays queued when the connection dies while the queue is sent, and goes by the next', async () => {
    const w = world()
    for (let each = 0; each < 100; each++) void w.socket.send(String(each))
    await w.clock.advance(0)
    const inner = w.inner
    const { send } = inner
    inner.send = (data) => {
      send.call(inner, data)
      inner.bufferedAmount += 2
      if (inner.sent.length === 10) inner.readyState = 3
    }
    inner.accept()
    inner.cut()
    expect(outcomes(w).every((each) => each.endsWith(' unknown'))).toBe(true)
    await w.untilDial()
    const next = await w.accept()
    expect([outcomes(w).length, next.sent.length]).toEqual([10, 90])
  })

  it('that the socket throws at is reported', async () => {
    const w = world()
    void w.socket.send('a')
    await w.clock.advance(0)
    w.inner.send = () => {
      throw new Error('detached')
    }
    w.inner.accept()
    await expect(w.socket.send('b')).rejects.toThrow('detached')
    expect(outcomes(w)).toEqual(['a failed', 'b failed'])
  })
})

describe('readyWhen', () => {
  const session = readyWhen(({ data }) => data === 'welcome')

  it('holds the queue until a message says so; what logs in goes before', async () => {
    const w = world({ session })
    void w.socket.send('queued')
    w.socket.on('opened', () => void w.socket.send('login', { beforeReady: true }))
    const inner = await w.accept()
    inner.say('other')
    expect(inner.sent).toEqual(['login'])
    inner.say('welcome')
    expect(inner.sent).toEqual(['login', 'queued'])
    inner.say('welcome')
    expect(inner.sent).toEqual(['login', 'queued'])
  })

  it('decides what is stable: without it the waits grow', async () => {
    const w = world({ session })
    for (let each = 0; each < 2; each++) {
      await w.accept()
      await w.clock.advance(60_000)
      w.inner.cut()
      await w.untilDial()
    }
    expect(w.events('disconnected').map(({ failures }) => failures)).toEqual([1, 2])
  })

  it('refuses what logs in while there is no connection', async () => {
    const w = world({ session })
    await expect(w.socket.send('login', { beforeReady: true })).rejects.toMatchObject({
      code: 'SOCKET_CLOSED',
    })
  })

  it('is of no use once the connection is gone', async () => {
    const w = world({ session })
    void w.socket.send('queued')
    w.socket.on('message', () => w.socket.reconnect())
    const inner = await w.accept()
    inner.say('welcome')
    expect([inner.sent, w.inner.sent, w.socket.queuedMessages]).toEqual([[], [], 1])
  })
})
