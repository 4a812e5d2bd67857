import { describe, expect, it } from 'vitest'
import {
  type Contender,
  contenders,
  minutes,
  mixed,
  rolledOut,
  runStorm,
  type Scenario,
  type SocketFleet,
  type StormMetrics,
  scenarios,
  seconds,
  withSockets,
} from '../src/index.ts'
import { backoffSockets } from '../src/sockets/reconnects.ts'
import { cellOf, rowsFor } from '../src/summary/cell.ts'
import { fleetsOf } from '../src/summary/fleets.ts'
import { takeHome } from '../src/summary/take-home.ts'

const still: Scenario = {
  name: 'still',
  about: 'Nothing but sockets.',
  durationMs: minutes(10),
  trigger: [minutes(2), minutes(3)],
  // 1000 clients are the whole fleet.
  load: { callsPerSecond: 1, callsPerClient: 0.001 },
  backend: { service: { workers: 20, serviceMs: 10 } },
  sockets: { acceptsPerSecond: 100, drops: [{ atMs: minutes(2) }] },
}

async function run(fleet: Contender, sockets: Partial<SocketFleet> = {}, clients = 1000) {
  const scenario = { ...still, sockets: { ...(still.sockets as SocketFleet), ...sockets } }
  const report = await runStorm(scenario, { clients, contenders: [fleet] })
  const [only] = report.contenders
  const figures = only?.metrics.sockets as NonNullable<StormMetrics['sockets']>
  return { report, figures, series: only?.series }
}

const { evenkeel } = contenders
/** Dials so long after each loss. */
const after = (ms: number): Contender =>
  withSockets(
    evenkeel,
    backoffSockets(() => ms),
  )

describe('the sockets of a scenario', () => {
  it('are all connected until they are dropped, and come back by what their clients go by', async () => {
    const { figures, series } = await run(after(20_000))
    const at = (ms: number): number => ms / 10_000
    expect(series?.connectedRatio?.slice(0, at(minutes(2)))).toEqual(Array(12).fill(1))
    expect(series?.connectedRatio?.slice(at(minutes(2)), at(minutes(2) + seconds(40)))).toEqual([
      ...[0, 0.001, 1, 1].map((ratio) => expect.closeTo(ratio, 1)),
    ])
    expect(series?.connectedRatio?.at(-1)).toBe(1)
    expect(series?.dialsPerSecond?.reduce((sum, each) => sum + each * 10, 0)).toBe(1000)
    expect(figures).toMatchObject({
      dropped: 1000,
      dialsPerDrop: 1,
      acceptsPerSecond: 100,
      wastedRatio: 0,
      connectedRatio: 1,
    })
    // A hundred a second from 20 s on; the drop took one.
    expect(figures.backMs).toBeGreaterThanOrEqual(seconds(28))
    expect(figures.backMs).toBeLessThan(seconds(30))
    expect(figures.peakDialsPerSecond).toBeGreaterThan(900)
  })

  it('are as many as the clients, before a gateway of their size', async () => {
    const { figures } = await run(evenkeel, {}, 200)
    expect([figures.dropped, figures.acceptsPerSecond]).toEqual([200, 20])
  })

  it('do not come back where dials are given up before their turn', async () => {
    const { figures, report } = await run(after(1000), {
      acceptsPerSecond: 10,
      dialTimeoutMs: 2000,
    })
    expect(figures.backMs).toBeNull()
    expect(figures.connectedRatio).toBeLessThan(0.5)
    expect(figures.wastedRatio).toBeGreaterThan(0.5)
    expect(takeHome([report])).toBe('the sockets of evenkeel do not all come back.')
    const row = rowsFor(fleetsOf([report])).find(({ label }) => label === 'sockets back after')
    expect(row && cellOf(row, fleetsOf([report])[0] as never).text).toBe('never')
  })

  it('may be dropped in part and more than once: the longest absence counts', async () => {
    const drops = [
      { atMs: minutes(1), ratio: 0.5 },
      { atMs: minutes(5), ratio: 0.2, code: 1006, overMs: seconds(30) },
    ]
    const { figures, report } = await run(after(1000), { drops })
    expect(Math.abs(figures.dropped / 700 - 1)).toBeLessThan(0.1)
    expect(figures.backMs).toBeGreaterThan(seconds(3))
    expect(figures.backMs).toBeLessThan(seconds(6))
    expect(takeHome([report])).toMatch(
      /^the sockets of evenkeel are back after [45](\.\d)? s, with 1\.00 dials each\.$/,
    )
  })

  it('are not away when too few are dropped to miss', async () => {
    const { figures } = await run(evenkeel, { drops: [{ atMs: minutes(2), ratio: 0.005 }] })
    expect(figures.backMs).toBe(0)
  })

  it('spread as wide as the close says', async () => {
    const blind = await run(evenkeel, { acceptsPerSecond: 20 })
    const told = await run(evenkeel, {
      acceptsPerSecond: 20,
      drops: [{ atMs: minutes(2), hint: true }],
    })
    expect(told.figures.backMs).toBeLessThan(blind.figures.backMs as number)
    expect(told.figures.dialsPerDrop).toBeLessThan(1.1)
  })

  it('see a full queue, and how full it is by the size of the fleet', async () => {
    const { figures } = await run(evenkeel, {
      acceptsPerSecond: 10,
      acceptQueue: 1,
      showsStatus: true,
    })
    expect(figures.dialsPerDrop).toBeGreaterThan(1)
    expect(figures.wastedRatio).toBe(0)
  })

  it('go by the part of the fleet that their client is of', async () => {
    const half = mixed('half', 'Half and half.', [
      [0.5, after(1000)],
      [0.5, after(minutes(20))],
    ])
    expect((await run(half)).figures.connectedRatio).toBeCloseTo(0.5, 1)
    const fixed = rolledOut(
      'fixed',
      'All mended before it matters.',
      after(minutes(20)),
      after(1000),
      {
        fromMs: 0,
        overMs: minutes(1),
      },
    )
    expect((await run(fixed)).figures.connectedRatio).toBe(1)
  })

  it.each<[Partial<SocketFleet>, string]>([
    [{ acceptsPerSecond: 0 }, 'storm: sockets.acceptsPerSecond must be'],
    [{ drops: [] }, 'storm: sockets.drops.length must be'],
    [{ drops: [{ atMs: minutes(11) }] }, 'storm: sockets.drops[0].atMs must be'],
    [{ drops: [{ atMs: 0, overMs: -1 }] }, 'storm: sockets.drops[0].overMs must be'],
    [{ drops: [{ atMs: 0, ratio: 2 }] }, 'storm: sockets.drops[0].ratio must be'],
  ])('are refused as %j', async (sockets, message) => {
    await expect(run(evenkeel, sockets)).rejects.toThrow(message)
  })
})

describe('a gateway that restarts', () => {
  it('leaves reports of other scenarios as they were', async () => {
    const { contenders: each } = await runStorm(scenarios['outage-60s'], { clients: 10 })
    expect(each[0]?.metrics).not.toHaveProperty('sockets')
    expect(each[0]?.series).not.toHaveProperty('dialsPerSecond')
    expect(rowsFor([])).not.toContainEqual(expect.objectContaining({ isOptional: true }))
  })
})
