import { createInflate, createZstdDecompress } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { runCli } from '../../src/cli/run-cli.ts'
import { incident } from '../incident.ts'
import { quickMock } from './bot.ts'
import { type Dialled, dial } from './dial.ts'
import { until } from './until.ts'

describe('a handshake', () => {
  it('succeeds on every path', async () => {
    const mock = await quickMock()
    for (const address of ['/?v=10', '/gw/?v=10&encoding=json', '/a/b']) {
      expect(await dial(mock, address).outcome).toBe('open')
    }
  })

  it('is answered 400 for an encoding or compression the mock has not', async () => {
    const mock = await quickMock()
    expect(await dial(mock, '/?encoding=etf').outcome).toBe(400)
    expect(await dial(mock, '/?compress=brotli').outcome).toBe(400)
    expect(mock.gateway.status.upgradeFailures.invalid).toBe(2)
  })

  it('is refused with a status and Retry-After, so often', async () => {
    const mock = await quickMock()
    const fault = { kind: 'refuse', status: 429, retryAfterMs: 4_200, count: 1 } as const
    mock.gateway.act({ kind: 'handshakes', fault })
    const refused = dial(mock)
    expect([await refused.outcome, refused.retryAfter()]).toEqual([429, '5'])
    expect(await dial(mock).outcome).toBe('open')
  })

  it('is refused as a plain request to the same address is, which says 426 at other times', async () => {
    const mock = await quickMock()
    const ask = async () => {
      const { status, headers } = await fetch(mock.url, { headers: { origin: 'http://page' } })
      return [status, headers.get('retry-after'), headers.get('access-control-expose-headers')]
    }
    expect(await ask()).toEqual([426, null, '*'])
    const fault = { kind: 'refuse', retryAfterMs: 4_200, count: 1 } as const
    mock.gateway.act({ kind: 'handshakes', fault })
    expect([await ask(), await ask()]).toEqual(Array(2).fill([503, '5', '*']))
    expect(await dial(mock).outcome).toBe(503)
    expect([await ask(), mock.gateway.status.handshakeFault]).toEqual([[426, null, '*'], undefined])
    mock.gateway.act({ kind: 'handshakes', fault: { kind: 'reset' } })
    await expect(ask()).rejects.toThrow('fetch failed')
  })

  it('is reset', async () => {
    const mock = await quickMock()
    mock.gateway.act({ kind: 'handshakes', fault: { kind: 'reset' } })
    expect(await dial(mock).outcome).toBe('reset')
    mock.gateway.act({ kind: 'heal' })
    expect(await dial(mock).outcome).toBe('open')
  })

  it('finds nobody listening while the process is down, and then somebody', async () => {
    const mock = await quickMock()
    mock.gateway.act({ kind: 'restart', downMs: 300 })
    expect(await dial(mock).outcome).toBe('refused')
    await expect(fetch(`${mock.apiUrl}/v10/gateway`)).rejects.toThrow('fetch failed')
    await vi.waitFor(async () => expect(await dial(mock).outcome).toBe('open'), 5_000)
    expect((await fetch(`${mock.apiUrl}/v10/gateway`)).status).toBe(200)
  })

  it('finds nobody listening for good when the mock is closed while it is down', async () => {
    const mock = await quickMock()
    mock.gateway.act({ kind: 'restart', downMs: 50 })
    await mock.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await dial(mock).outcome).toBe('refused')
  })

  it.each([
    [0, 0],
    [0.85, 53],
    [1, 60],
  ])(
    'fails beyond the limit of connections by a ratio: %d, which is %d of 60',
    async (ratio, count) => {
      const mock = await quickMock({
        sockets: { connectionLimit: 5, overLimitFailureRatio: ratio },
      })
      const outcomes = []
      for (let index = 0; index < 65; index++) outcomes.push(await dial(mock).outcome)
      expect(outcomes.slice(0, 5)).toEqual(Array(5).fill('open'))
      expect(outcomes.filter((each) => each === 503)).toHaveLength(count)
      expect(mock.gateway.status).toMatchObject({
        upgradeFailures: { overLimit: count },
        upgradeFailuresLastMinute: count,
        connections: 65 - count,
      })
    },
  )

  it('waits its turn, which one that has gone takes too', async () => {
    const mock = await quickMock({ sockets: { acceptPerSecond: 4 } })
    await dial(mock).outcome
    const second = dial(mock)
    await until(() => mock.gateway.status.acceptQueue === 1)
    const third = dial(mock)
    await until(() => mock.gateway.status.acceptQueue === 2)
    second.socket.terminate()
    expect(await third.outcome).toBe('open')
    expect(mock.gateway.status).toMatchObject({ accepted: 2, upgradeFailures: { abandoned: 1 } })
  })

  it('is reset when too many wait', async () => {
    const mock = await quickMock({ sockets: { acceptPerSecond: 0.1, acceptQueueLength: 1 } })
    const outcomes: Dialled[] = []
    for (let index = 0; index < 3; index++) {
      void dial(mock).outcome.then((each) => outcomes.push(each))
    }
    await until(() => outcomes.length === 2)
    expect(outcomes.sort()).toEqual(['open', 'reset'])
    expect(mock.gateway.status).toMatchObject({
      acceptQueue: 1,
      upgradeFailures: { queueFull: 1 },
    })
  })
})

describe('a connection', () => {
  it.each([
    ['zlib-stream', createInflate],
    ['zstd-stream', createZstdDecompress],
  ] as const)('is compressed in one context, with %s', async (compress, create) => {
    const mock = await quickMock()
    const { outcome, bytes, send } = dial(mock, `/?v=10&encoding=json&compress=${compress}`)
    await outcome
    send(2, { token: 'token', intents: 1, properties: {} })
    await until(() => bytes.length === 3)
    if (compress === 'zlib-stream') {
      for (const each of bytes) expect(each.subarray(-4).toString('hex')).toBe('0000ffff')
    }
    const stream = create()
    let text = ''
    stream.on('data', (chunk) => {
      text += chunk
    })
    for (const each of bytes) stream.write(each)
    await until(() => text.includes('GUILD_CREATE') && text.endsWith('}'))
    const frames = JSON.parse(`[${text.replaceAll('}{', '},{')}]`)
    expect(frames.map(({ op, t }: { op: number; t: string }) => [op, t])).toEqual([
      [10, null],
      [0, 'READY'],
      [0, 'GUILD_CREATE'],
    ])
    stream.destroy()
  })

  it('says why it ends', async () => {
    const mock = await quickMock()
    const { outcome, send, closed, end } = dial(mock)
    await outcome
    send(3, {})
    await end()
    expect(closed()).toBe(4003)
    await until(() => mock.gateway.status.closedByServer[4003] === 1)
  })

  it('gets its frames in their order, also while the delay gets shorter', async () => {
    const mock = await quickMock({ sockets: { frameDelayMs: 80 } })
    const { outcome, send, frames } = dial(mock)
    await outcome
    for (let beat = 0; beat < 3; beat++) send(1)
    await until(() => mock.gateway.status.heartbeats === 3)
    mock.gateway.configure({ frameDelayMs: 0 })
    mock.gateway.act({ kind: 'request-heartbeat' })
    await until(() => frames.length === 5)
    expect(frames.map(({ op }) => op)).toEqual([10, 11, 11, 11, 1])
  })

  it('that is half-open neither hears nor says anything, and is cut when heartbeats are overdue', async () => {
    const mock = await quickMock({ sockets: { heartbeatIntervalMs: 200, heartbeatGraceMs: 100 } })
    const { outcome, send, frames, socket, closed } = dial(mock)
    await outcome
    await until(() => frames.length === 1)
    mock.gateway.act({ kind: 'half-open' })
    send(1)
    await until(() => closed() !== undefined)
    expect([frames.length, mock.gateway.status.heartbeats]).toEqual([1, 0])
    expect(socket.readyState).toBe(socket.CLOSED)
  })
})

describe('operators', () => {
  it('see and break the Gateway over HTTP', async () => {
    const { mock, admin } = await incident()
    const { outcome, closed } = dial(mock)
    await outcome
    expect((await admin('GET', '/status')).json.sockets).toMatchObject({
      connections: 1,
      connectionLimit: 10_000,
      accepted: 1,
    })
    const { json } = await admin('PATCH', '/sockets', { connectionLimit: null, acks: false })
    expect(json.options).toMatchObject({ connectionLimit: null, acks: false })
    const close = { kind: 'close', code: 4009 }
    expect((await admin('POST', '/sockets/actions', close)).json).toEqual({ connections: 1 })
    await until(() => closed() === 4009)
    await until(() => mock.gateway.status.connections === 0)
    const { text } = await admin('GET', '/metrics.prom')
    expect(text).toContain('mock_socket_closes_total{by="server",code="4009"} 1')
    expect(text).toContain('mock_upgrades_total{result="accepted"} 1')
    expect((await admin('GET', '/metrics')).json.sockets.accepted).toBe(1)
    const refused = await admin('POST', '/sockets/actions', { kind: 'close' })
    expect([refused.status, refused.json.error]).toEqual([400, 'action needs code'])
    await admin('POST', '/reset')
    expect(mock.gateway.status.accepted).toBe(0)
    expect(mock.gateway.options).toMatchObject({ acks: true, connectionLimit: 10_000 })
  })

  it('restart the process and still get an answer', async () => {
    const { mock, admin } = await incident()
    const { outcome, closed } = dial(mock)
    await outcome
    const restart = { kind: 'restart', downMs: 100, sessions: 'lose' }
    expect((await admin('POST', '/sockets/actions', restart)).status).toBe(202)
    await until(() => closed() === 1006)
  })

  it('break it by a scenario', async () => {
    const { mock, admin } = await incident()
    const { outcome, closed } = dial(mock)
    await outcome
    const steps = [
      { atMs: 0, do: { sockets: { acceptPerSecond: 100 } } },
      { atMs: 10, do: { socket: { kind: 'drop' } } },
    ]
    expect((await admin('POST', '/scenario', steps)).status).toBe(202)
    await until(() => closed() === 1006)
    expect(mock.gateway.options.acceptPerSecond).toBe(100)
  })

  it('do the same from the command line', async () => {
    const { mock } = await incident()
    const run = async (...args: string[]) => {
      const lines: string[] = []
      const terminal = {
        out: (text: string) => lines.push(text),
        err: (text: string) => lines.push(text),
        stopped: new AbortController().signal,
      }
      const code = await runCli(['socket', ...args, '--url', mock.url], terminal)
      return { code, out: lines.join('\n') }
    }
    const { outcome, send, frames, closed } = dial(mock)
    await outcome
    send(2, { token: 'token', intents: 512, properties: {} })
    await until(() => frames.some(({ t }) => t === 'READY'))
    expect((await run('inject', '--count', '3')).out).toBe('connections 1, first 1, last 3')
    expect((await run('sessions')).out).toMatch(/shard 0 of 1 connected, seq 4, numbers 1-3/)
    expect((await run('status')).out).toContain('1 of 10000 connections, 1 sessions')
    expect((await run('set', '--accept-per-second', 'none', '--acks', 'off')).out).toContain(
      'acks false',
    )
    expect((await run('handshakes', 'refuse', '--status', '429', '--count', '1')).code).toBe(0)
    expect(await dial(mock).outcome).toBe(429)
    expect((await run('close', '--code', '4000', '--reason', 'again')).code).toBe(0)
    await until(() => closed() === 4000)
    expect(await run('close')).toEqual({ code: 1, out: 'error: action needs code' })
    expect((await run('explode')).code).toBe(2)
  })
})
