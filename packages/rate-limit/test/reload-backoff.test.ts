import { sleep } from '@evenkeel/core'
import { memoryStore, type PagePhase, shareState } from '@evenkeel/core/persistence'
import { manualClock } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import { type ReloadBackoffOptions, reloadBackoff, sharedRateLimit } from '../src/index.ts'
import { world } from './world.ts'

/** One tab, and its pages one after another; chance in the middle. */
function tab(options?: ReloadBackoffOptions) {
  const clock = manualClock()
  const store = memoryStore()
  function open() {
    const made = world({ clock, random: () => 0.5, limits: [reloadBackoff(options)] })
    let tell: (phase: PagePhase) => void = () => {}
    const page = (told: typeof tell) => {
      tell = told
      return () => {}
    }
    const share = { store, clock, channel: false, locks: false, page } as const
    shareState([sharedRateLimit(made.limit)], share)
    const started: number[] = []
    const begin = (outcome: () => unknown): Promise<unknown> =>
      made
        .call('call', () => {
          started.push(clock.now())
          return outcome()
        })
        .catch(() => {})
    return {
      started,
      succeed: () => begin(() => 'ok'),
      fail: () => begin(() => Promise.reject(new Error('503'))),
      failLater: (afterMs: number) =>
        begin(async () => {
          await sleep(afterMs, undefined, clock)
          throw new Error('503')
        }),
      hang: () => void begin(() => new Promise(() => {})),
      end: () => tell('ending'),
    }
  }
  /** Ends a page in which so many calls failed, each after the other. */
  async function failed(times: number): Promise<void> {
    const page = open()
    for (let each = 0; each < times; each++) await page.fail()
    page.end()
  }
  return { clock, open, failed }
}

describe('reloadBackoff', () => {
  it('holds nothing within a page, however often it fails', async () => {
    const { open } = tab()
    const page = open()
    for (let each = 0; each < 9; each++) await page.fail()
    expect(page.started).toEqual(Array(9).fill(0))
  })

  it('lets a reload mend a lone failure', async () => {
    const { open, failed } = tab()
    await failed(1)
    const page = open()
    await Promise.all([page.succeed(), page.succeed()])
    expect(page.started).toEqual([0, 0])
  })

  it.each([
    [2, 1500],
    [3, 3000],
    [4, 6000],
    [5, 12_000],
    [6, 22_500],
    [60, 22_500],
  ])('makes the page after %s failures wait %s ms', async (failures, waitMs) => {
    const { open, failed, clock } = tab()
    await failed(failures)
    const page = open()
    void page.succeed()
    await clock.advance(60_000)
    expect(page.started).toEqual([waitMs])
  })

  it('sends one call ahead, and the rest when that succeeds', async () => {
    const { open, failed, clock } = tab()
    await failed(2)
    const page = open()
    for (let each = 0; each < 3; each++) void page.succeed()
    await clock.advance(60_000)
    expect(page.started).toEqual([1500, 1500, 1500])
  })

  it('holds the rest longer when that fails, until something succeeds', async () => {
    const { open, failed, clock } = tab()
    await failed(2)
    const page = open()
    void page.fail()
    void page.fail()
    void page.succeed()
    void page.succeed()
    await clock.advance(60_000)
    expect(page.started).toEqual([1500, 4500, 10_500, 10_500])
    await page.fail()
    await page.fail()
    expect(page.started.slice(4)).toEqual([60_000, 60_000])
  })

  it('counts calls that were under way together as one failure', async () => {
    const { open, clock } = tab()
    const page = open()
    for (let each = 0; each < 3; each++) void page.failLater(100 + each)
    await clock.advance(200)
    page.end()
    const next = open()
    for (let each = 0; each < 3; each++) void next.succeed()
    expect(next.started).toEqual([200, 200, 200])
  })

  it('keeps the instant when a page is reloaded while it waits', async () => {
    const { open, failed, clock } = tab()
    await failed(4)
    for (let reload = 0; reload < 5; reload++) {
      const page = open()
      void page.succeed()
      await clock.advance(1000)
      page.end()
      expect(page.started).toEqual([])
    }
    const page = open()
    void page.succeed()
    await clock.advance(5000)
    expect(page.started).toEqual([6000])
  })

  it('sends one call at once after a page that got no answer, and the rest when it has one', async () => {
    const { open, clock } = tab()
    const page = open()
    page.hang()
    page.hang()
    await clock.advance(3000)
    page.end()
    const next = open()
    next.hang()
    for (let each = 0; each < 2; each++) void next.succeed()
    await clock.advance(5999)
    expect(next.started).toEqual([3000])
    await clock.advance(1)
    expect(next.started).toEqual([3000, 9000, 9000])
  })

  it('waits after a second such page until its calls would have timed out', async () => {
    const { open, clock } = tab()
    for (let reload = 0; reload < 3; reload++) {
      const page = open()
      page.hang()
      await clock.advance(3000)
      page.end()
    }
    const page = open()
    void page.succeed()
    await clock.advance(60_000)
    expect(page.started).toEqual([63_000])
  })

  it('takes a page that went quickly for a failure, but for no silence', async () => {
    const { open, clock } = tab()
    for (let reload = 0; reload < 2; reload++) {
      const page = open()
      page.hang()
      await clock.advance(500)
      page.end()
    }
    const page = open()
    void page.succeed()
    await clock.advance(60_000)
    expect(page.started).toEqual([2500])
  })

  it('takes nothing for a failure that was over, or under way when the last one came', async () => {
    const { open, clock } = tab()
    const page = open()
    page.hang()
    await clock.advance(1)
    await page.fail()
    await clock.advance(1)
    page.end()
    await page.succeed()
    page.end()
    const next = open()
    await next.succeed()
    expect(next.started).toEqual([2])
  })

  it('is not forgotten while there is room, unless nothing has failed', () => {
    const limit = reloadBackoff()(
      'api',
      () => 0.5,
      () => {},
    )
    const call = { route: 'api', priority: 'important' } as const
    limit.started?.(call, 0)
    expect(limit.isNeeded?.(0)).toBe(false)
    limit.ended?.(call, 'rejected', 1)
    expect(limit.isNeeded?.(1)).toBe(true)
  })

  it('never waits longer than it would itself, whatever became of the clock', async () => {
    const { open, failed, clock } = tab({ silenceMs: 1000, maxDelayMs: 4000 })
    await failed(9)
    clock.setWall(clock.wallNow() - 1e12)
    const page = open()
    void page.succeed()
    await clock.advance(60_000)
    expect(page.started).toEqual([3000])
  })

  it.each([
    ['baseDelayMs', { baseDelayMs: 0 }],
    ['maxDelayMs', { maxDelayMs: 10 }],
    ['silenceMs', { silenceMs: -1 }],
  ])('names a bad %s', (name, options) => {
    expect(() => reloadBackoff(options)).toThrow(`reloadBackoff: ${name} must be`)
  })
})
