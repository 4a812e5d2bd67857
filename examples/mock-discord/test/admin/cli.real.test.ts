import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCli } from '../../src/cli/run-cli.ts'
import { incident } from '../incident.ts'
import { dial } from '../sockets/dial.ts'
import { until } from '../sockets/until.ts'
import { messagesPath } from '../started.ts'
import { run } from './run.ts'

const post = ['POST', messagesPath, { content: 'hi' }] as const

async function world() {
  const { mock, call } = await incident()
  const cli = (...args: string[]) => run(...args, '--url', mock.url)
  return { mock, call, cli }
}

type Cli = Awaited<ReturnType<typeof world>>['cli']

async function file(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mock-discord-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'script.json')
  await writeFile(path, content)
  return path
}

describe('mock-discord start', () => {
  it('runs as a program until it is told to stop', async () => {
    const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
    const child = spawn(process.execPath, [
      '--conditions=@evenkeel/source',
      cli,
      'start',
      '--port',
      '0',
      '--preset',
      'none',
      '--json',
    ])
    onTestFinished(() => void child.kill('SIGKILL'))
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
    const { url, apiUrl } = JSON.parse(line)
    expect((await fetch(`${apiUrl}/v10/gateway`)).status).toBe(200)
    const status = await run('status', '--url', url)
    expect(status.code).toBe(0)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(await run('status', '--url', url)).toMatchObject({ code: 3 })
  })

  it('says why it cannot start', async () => {
    const { mock } = await world()
    const { code, err } = await run('start', '--port', String(mock.port))
    expect(code).toBe(1)
    expect(err).toContain(`cannot start at 127.0.0.1:${mock.port}: listen EADDRINUSE`)
  })

  it('that cannot start ends, and leaves nothing running', async () => {
    const { mock } = await world()
    const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
    const args = ['--conditions=@evenkeel/source', cli, 'start', '--port', String(mock.port)]
    const child = spawn(process.execPath, args)
    onTestFinished(() => void child.kill('SIGKILL'))
    expect(await once(child, 'exit')).toEqual([1, null])
  })

  it('takes a scale and a gateway', async () => {
    const out: string[] = []
    const stop = new AbortController()
    const running = runCli(
      [
        'start',
        '--port',
        '0',
        '--scale',
        '10,10',
        '--gateway',
        'adaptive',
        '--fleet-hint',
        '--no-discord-limits',
        '--json',
      ],
      { out: (text) => out.push(text), err: () => {}, stopped: stop.signal },
    )
    while (out.length === 0) await new Promise(setImmediate)
    const { url } = JSON.parse(out[0] ?? '')
    const status = await run('status', '--json', '--url', url)
    expect(JSON.parse(status.out)).toMatchObject({
      scale: { rate: 10, time: 10 },
      gateway: { mode: 'adaptive' },
      fleetHint: { enabled: true, level: 3 },
      discord: { enabled: false },
      database: { poolSize: 50, queueDepth: 150, knee: 8 },
    })
    stop.abort()
    expect(await running).toBe(0)
  })

  it('refuses what is no scale', async () => {
    expect(await run('start', '--scale', '10')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Not a scale, as in 10,10'),
    })
  })
})

describe('mock-discord status', () => {
  it('tells people what operators ask, with one timed call', async () => {
    const { mock, call, cli } = await world()
    await call(...post, { 'x-client-id': 'mobile-1', 'x-attempt': '2' })
    await cli('fault', 'latency', '30', '--path', '/users/@me')
    mock.machinery.model.configure({ replicas: { count: 2 } })
    const { code, out } = await cli('status')
    expect(code).toBe(0)
    expect(out).toMatch(/^CALM {3}legacy, up /)
    expect(out).toMatch(/One call {6}GET \/users\/@me {2}200 after \d+ ms/)
    expect(out).toContain('ok: pool 0/10')
    expect(out).toContain('0/10, average wait 0 ms (last 100), drains in 0 ms')
    expect(out).toMatch(/us-east ░+ CPU 0\.0 %, 43 servers/)
    expect(out).toMatch(/Retries {7}1 \(≈ [\d,]+ an hour\), 1\.00 per first attempt/)
    expect(out).toMatch(/mobile +1 +1 +1\.00 +0\.0 % +2/)
    expect(out).toContain('replicas    2, 50 ms behind')
    expect(out).toContain('Faults        1 latency (1 hit)')
    expect(out).toContain('0 of 10,000, 0 sessions')
    const { probe } = JSON.parse((await cli('status', '--json')).out)
    expect(probe.durationMs).toBeGreaterThanOrEqual(30)
  })

  it('begins with what is wrong, and shows what the gateway does about it', async () => {
    const { mock, call, cli } = await world()
    mock.machinery.act({
      cascade: { tickMs: 20, minRequests: 5, clearTicks: 1_000 },
      limits: {
        gateway: {
          mode: 'fixed',
          limits: { messages: 3, voice: 10 },
          rejectMs: 0,
          breaker: { enabled: true },
          queueLimit: 1_000,
        },
        discord: { enabled: true, global: { limit: 6, windowMs: 60_000 } },
      },
      fleetHint: { enabled: true, level: 1.4 },
      sockets: { connectionLimit: 0, overLimitFailureRatio: 1 },
    })
    await Promise.all(Array.from({ length: 20 }, () => call(...post)))
    for (let n = 0; n < 7; n++) await call('GET', '/v10/users/@me')
    await dial(mock).outcome
    await until(() => mock.machinery.cascade.verdict === 'storm')
    const { out } = await cli('status')
    expect(out).toMatch(/^STORM {2}for \d/)
    expect(out).toMatch(/✗ #\d +limiting {4}\d+ % of requests are answered 429/)
    expect(out).toMatch(/messages +20 +85\.0 % +0\.0 % +3 in 60\.0 s +closed/)
    expect(out).toContain("Rate limits   gateway fixed, Discord's on, at most 1,000 wait\n")
    expect(out).toContain("global 429s of Discord's")
    expect(out).toContain('level 1.40: all critical, 40.0 % important, no deferred')
    expect(out).toContain('1 failed in the last minute, 100.0 % of 1 (1 overLimit)')
  })

  it('gives the timed call up', async () => {
    const { cli } = await world()
    await cli('fault', 'hang')
    expect((await cli('status', '--timeout-ms', '20')).out).toContain('no answer after')
    await cli('fault', 'clear')
    await cli('fault', 'drop')
    expect((await cli('status')).out).toContain('GET /users/@me  failed')
  })

  it('takes any time for that, and none that is no time', async () => {
    const { cli } = await world()
    expect((await cli('status', '--timeout-ms', 'none')).out).toContain('200 after')
    expect(await cli('status', '--timeout-ms', '-5')).toMatchObject({ code: 2 })
  })

  it('goes on while the mock is away, and says since when', async () => {
    const { mock } = await world()
    const pages: string[] = []
    const lines: string[] = []
    const stop = new AbortController()
    const watch = (...args: string[]) =>
      runCli(['status', '--watch', '0.02', '--url', mock.url, ...args], {
        out: (text) => lines.push(text),
        err: () => {},
        redraw: (text) => pages.push(text),
        stopped: stop.signal,
      })
    const running = Promise.all([watch(), watch('--json')])
    await until(() => pages.length >= 1 && lines.length >= 1)
    mock.gateway.act({ kind: 'restart', downMs: 300 })
    await until(() => pages.some((page) => page.startsWith('GONE')))
    await until(() => lines.some((line) => JSON.parse(line).error?.startsWith('no mock answers')))
    const { length } = pages
    await until(() => pages.slice(length).some((page) => page.startsWith('CALM')))
    stop.abort()
    expect(await running).toEqual([0, 0])
    expect(pages.find((page) => page.startsWith('GONE'))).toMatch(
      /^GONE {2}no mock answers at .*\n\nLast seen \d+ ms ago$/,
    )
  })

  it('of a mock that has never answered does not wait for it', async () => {
    const { mock } = await world()
    await mock.close()
    expect(await run('status', '--watch', '--url', mock.url)).toMatchObject({ code: 3 })
  })

  it('shows the steps of a scenario that could not be done', async () => {
    const { cli } = await world()
    const nowhere = { socket: { kind: 'inject', count: 1, channel: '5' } }
    await cli('scenario', await file(JSON.stringify([{ atMs: 0, do: nowhere }])), '--wait')
    expect((await cli('status')).out).toMatch(/at 0 ms: RangeError: there is no channel 5$/)
  })

  it('goes on until it is stopped, and says of a call how long it has waited', async () => {
    const { mock, cli } = await world()
    await cli('fault', 'hang')
    const pages: string[] = []
    const stop = new AbortController()
    const running = runCli(['status', '--watch', '0.02', '--url', mock.url], {
      out: () => {},
      err: () => {},
      redraw: (text) => pages.push(text),
      hasColours: true,
      stopped: stop.signal,
    })
    await until(() => pages.length >= 3)
    stop.abort()
    expect(await running).toBe(0)
    expect(pages[2]).toMatch(/no answer for \d+ ms so far/)
    expect(pages[2]).toContain('\u001b[32mCALM')
  })

  it('writes a line of JSON at a time', async () => {
    const { mock } = await world()
    const lines: string[] = []
    const stop = new AbortController()
    const running = runCli(['status', '--watch', '0.01', '--json', '--url', mock.url], {
      out: (text) => lines.push(text),
      err: () => {},
      stopped: stop.signal,
    })
    await until(() => lines.length >= 2)
    stop.abort()
    await running
    for (const line of lines) expect(JSON.parse(line).cascade.verdict).toBe('calm')
    expect(await run('status', '--watch', '0')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Not a number of seconds above 0'),
    })
  })
})

describe('mock-discord fault', () => {
  it.each([
    [
      ['status', '503', '--header', 'Retry-After: 7', '--body', 'x'],
      { kind: 'status', status: 503, headers: { 'retry-after': '7' }, body: 'x' },
    ],
    [
      ['rate-limit', '--retry-after-ms', '500', '--scope', 'global'],
      { kind: 'rate-limit', retryAfterMs: 500, scope: 'global' },
    ],
    [
      ['rate-limit', '--header', 'a=1', '--header', 'b: 2'],
      { kind: 'rate-limit', headers: { a: '1', b: '2' } },
    ],
    [['cloudflare'], { kind: 'cloudflare' }],
    [
      ['latency', '20', '--jitter-ms', '5', '--after'],
      { kind: 'latency', delayMs: 20, jitterMs: 5, when: 'after' },
    ],
    [['drop', '--after'], { kind: 'drop', when: 'after' }],
    [['hang'], { kind: 'hang' }],
    [['drip', '8', '50'], { kind: 'drip', chunkBytes: 8, intervalMs: 50 }],
    [['truncate', '5'], { kind: 'truncate', keepBytes: 5 }],
  ])('%j', async (args, fault) => {
    const { mock, cli } = await world()
    expect(await cli('fault', ...args)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`fault 1 in force: ${fault.kind}`),
    })
    expect(mock.machinery.faultRules.active[0]?.fault).toEqual(fault)
  })

  it('takes what the rule matches, its share, count and time', async () => {
    const { mock, cli } = await world()
    const { out } = await cli(
      'fault',
      'drop',
      '--method',
      'GET',
      '--route',
      '/users/:user',
      '--path',
      '/users/*',
      '--service',
      'users',
      '--client',
      'mobile-*',
      '--priority',
      'deferred',
      '--share',
      '0.5',
      '--count',
      '3',
      '--for-ms',
      '60000',
      '--json',
    )
    expect(JSON.parse(out)).toMatchObject({ id: 1, share: 0.5, count: 3, forMs: 60_000 })
    expect(mock.machinery.faultRules.active[0]?.match).toEqual({
      method: 'GET',
      route: '/users/:user',
      path: '/users/*',
      service: 'users',
      client: 'mobile-*',
      priority: 'deferred',
    })
  })

  it('lists, removes and clears', async () => {
    const { call, cli } = await world()
    expect((await cli('fault', 'list')).out).toBe('no faults')
    await cli('fault', 'status', '500', '--method', 'POST')
    await cli('fault', 'drop', '--method', 'GET')
    await call(...post)
    expect((await cli('fault', 'list')).out).toBe(
      '1: status, status 500, method POST, 1 hit\n2: drop, method GET, 0 hit',
    )
    expect((await cli('fault', 'remove', '1')).code).toBe(0)
    expect(await cli('fault', 'remove', '1')).toMatchObject({ code: 1, err: 'error: no fault 1' })
    expect((await cli('fault', 'clear')).code).toBe(0)
    expect((await cli('fault', 'list')).out).toBe('no faults')
  })

  it('passes on why the mock refuses', async () => {
    const { cli } = await world()
    expect(await cli('fault', 'status', '42')).toMatchObject({
      code: 1,
      err: 'error: fault rule: fault: status must be an integer from 200 to 599, got 42',
    })
  })

  it('refuses what is no header', async () => {
    expect(await run('fault', 'rate-limit', '--header', 'nonsense')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Not a header'),
    })
  })
})

describe('mock-discord pool', () => {
  it('shows and changes', async () => {
    const { mock, cli } = await world()
    expect((await cli('pool')).out).toContain(
      'pool 10, queue 10 (fifo), works on abandoned requests',
    )
    const { out } = await cli(
      'pool',
      '--size',
      '3',
      '--queue',
      '7',
      '--service-ms',
      '20',
      '--sigma',
      '0.1',
      '--kappa',
      '0.01',
      '--timeout-ms',
      '500',
      '--order',
      'lifo',
      '--drop-abandoned',
      '--replicas',
      '2',
      '--lag-ms',
      '9',
    )
    expect(out).toContain('pool 3, queue 7 (lifo), drops abandoned requests')
    expect(mock.machinery.model.options).toMatchObject({
      database: {
        poolSize: 3,
        queueDepth: 7,
        serviceMs: 20,
        sigma: 0.1,
        kappa: 0.01,
        timeoutMs: 500,
      },
      replicas: { count: 2, lagMs: 9 },
    })
    expect((await cli('pool', '--timeout-ms', 'none', '--keep-abandoned')).out).toContain(
      'timeout none',
    )
    expect(mock.machinery.model.options.database).toMatchObject({
      poolSize: 3,
      timeoutMs: Number.POSITIVE_INFINITY,
      dropAbandoned: false,
    })
  })
})

describe('mock-discord limit', () => {
  it('shows and changes', async () => {
    const { mock, cli } = await world()
    expect((await cli('limit')).out).toContain(
      'gateway off: gateway none, messages 5000, voice 3000',
    )
    const { out } = await cli(
      'limit',
      '--mode',
      'fixed',
      '--algorithm',
      'token-bucket',
      '--scope',
      'client',
      '--window-ms',
      '1000',
      '--headers',
      'discord',
      '--reject-ms',
      '0',
      '--max-per-second',
      'none',
      '--messages',
      '5',
      '--voice',
      'none',
      '--discord',
      'on',
      '--discord-global',
      '99',
    )
    expect(out).toContain('messages 5, voice none')
    expect(out).toContain("Discord's limits on")
    expect(mock.machinery.limiter.options).toMatchObject({
      mode: 'fixed',
      algorithm: 'token-bucket',
      scope: 'client',
      windowMs: 1_000,
      headers: 'discord',
      rejectMs: 0,
      maxPerSecond: Number.POSITIVE_INFINITY,
      limits: { messages: 5, voice: Number.POSITIVE_INFINITY },
    })
    expect((await cli('limit', '--discord', 'off')).out).toContain("Discord's limits off")
  })
})

describe('mock-discord hint', () => {
  it('shows and changes', async () => {
    const { mock, cli } = await world()
    expect((await cli('hint')).out).toBe('no fleet hint is published')
    const { out } = await cli('hint', '--on', '--level', '1.5', '--ttl-ms', '5000')
    expect(out).toBe(
      [
        'Fleet-Hint: level=1.5, retry=0, ttl=5 (set by hand)',
        'asks for 100.0 % of critical, 50.0 % of important, 0.0 % of deferred calls',
        'aims at 92.0 % of 10000.0 requests a second',
      ].join('\n'),
    )
    expect((await cli('hint', '--level', 'none', '--capacity', '50')).out).toContain('level=3')
    expect(mock.machinery.hints.options).toMatchObject({ capacityPerSecond: 50 })
    expect((await cli('hint', '--off')).out).toBe('no fleet hint is published')
  })
})

describe('mock-discord scenario', () => {
  it.each([
    ['the mock was reset', (cli: Cli) => cli('reset')],
    [
      'another one has taken its place',
      async (cli: Cli) => cli('scenario', await file('[{ "atMs": 3600000, "do": {} }]')),
    ],
  ])('that is waited for fails when %s', async (why, end) => {
    const { mock, cli } = await world()
    const path = await file('[{ "atMs": 3600000, "do": {} }]')
    const waiting = cli('scenario', path, '--wait')
    await until(() => mock.machinery.scenario)
    await end(cli)
    expect(await waiting).toMatchObject({
      code: 1,
      err: `error: the scenario was not finished: ${why}`,
    })
  })

  it('is waited for through a restart of its own', async () => {
    const { cli } = await world()
    const script = [
      { atMs: 0, do: { socket: { kind: 'restart', downMs: 300 } } },
      { atMs: 600, do: {} },
    ]
    expect(await cli('scenario', await file(JSON.stringify(script)), '--wait')).toMatchObject({
      code: 0,
      out: expect.stringContaining('finished: 2 of 2 steps'),
    })
  })

  it('runs a file to its end', async () => {
    const { mock, cli } = await world()
    const script = await file(
      JSON.stringify({
        name: 'shrink',
        steps: [
          { atMs: 0, do: { backend: { database: { poolSize: 2 } } }, note: 'shrunk' },
          { atMs: 20, do: { limits: { gateway: { mode: 'fixed' } } } },
        ],
      }),
    )
    const { code, out } = await cli('scenario', script, '--wait')
    expect(code).toBe(0)
    expect(out).toContain('scenario shrink finished: 2 of 2 steps')
    expect(out).toContain('shrunk')
    expect(mock.machinery.model.options.database.poolSize).toBe(2)
    expect((await cli('scenario')).out).toContain('finished')
  })

  it('fails when a step did', async () => {
    const { cli } = await world()
    const script = await file(
      '[{ "atMs": 0, "do": { "limits": { "discord": { "global": { "limit": 0.5, "windowMs": 1 } } } } }]',
    )
    expect(await cli('scenario', script, '--wait')).toMatchObject({ code: 2 })
  })

  it('stops, and tells that there is none', async () => {
    const { cli } = await world()
    expect(await cli('scenario')).toMatchObject({
      code: 1,
      err: 'error: no scenario has been started',
    })
    await cli('scenario', await file('[{ "atMs": 3600000, "do": {} }]'))
    expect((await cli('scenario', '--stop')).code).toBe(0)
    expect((await cli('scenario')).out).toContain('stopped')
  })

  it.each([
    ['{', 'script.json: Expected property name'],
    ['[{ "do": {} }]', 'script.json: scenario: steps[0] needs atMs'],
  ])('refuses %s before it calls', async (content, message) => {
    const { code, err } = await run('scenario', await file(content))
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it('refuses a file that is not there', async () => {
    expect(await run('scenario', '/nowhere.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('ENOENT'),
    })
  })
})

describe('mock-discord metrics and reset', () => {
  it('give JSON or Prometheus’ text, and start anew', async () => {
    const { call, cli } = await world()
    await call(...post)
    expect(JSON.parse((await cli('metrics')).out)).toMatchObject({ requests: 1 })
    expect((await cli('metrics', '--prometheus')).out).toContain(
      '# TYPE mock_requests_total counter',
    )
    expect((await cli('reset')).out).toBe('reset')
    expect(JSON.parse((await cli('metrics')).out)).toMatchObject({ requests: 0 })
  })
})

describe('mock-discord capacity', () => {
  it('tells what a preset serves, by formula and measured', async () => {
    const { out } = await run('capacity', '--scale', '2,10')
    expect(out).toContain('X(37) = 714.7/s, measured 715.')
    expect(out).toContain('(0.42 of peak)')
    const { ratio } = JSON.parse((await run('capacity', '--preset', 'bounded', '--json')).out)
    expect(ratio).toBeCloseTo(1, 1)
    expect(await run('capacity', '--preset', 'none')).toMatchObject({ code: 2 })
  })
})

describe('mock-discord', () => {
  it('gives help with exit code 0, and 2 for an unknown command', async () => {
    const help = await run('--help')
    expect(help.code).toBe(0)
    expect(help.out).toContain('capacity')
    expect(await run('dance')).toMatchObject({ code: 2, err: "error: unknown command 'dance'" })
  })

  it('exits with 3 when no mock answers', async () => {
    const { code, err } = await run('reset', '--url', 'http://127.0.0.1:1')
    expect(code).toBe(3)
    expect(err).toContain('no mock answers at http://127.0.0.1:1')
  })

  it.each(['foo', 'localhost:8080', 'ftp://127.0.0.1', ''])(
    'takes %j for no address',
    async (url) => {
      const { code, err } = await run('status', '--url', url)
      expect(code).toBe(2)
      expect(err).toContain(`must be like http://127.0.0.1:8080, got ${JSON.stringify(url)}`)
    },
  )
})
