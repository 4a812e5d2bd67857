import { describe, expect, it } from 'vitest'
import { contenders, minutes, runStorm, type Scenario, shell } from '../src/index.ts'
import { Kernel } from '../src/kernel/kernel.ts'
import { virtualPlatform } from '../src/shells/platform-time.ts'
import { takeTurns, takeTurnsByMessage } from '../src/shells/take-turns.ts'
import { VirtualClock } from '../src/shells/virtual-clock.ts'

const calm: Scenario = {
  name: 'calm',
  about: 'Nothing happens.',
  durationMs: minutes(2),
  trigger: [0, minutes(1)],
  load: { callsPerSecond: 2, callsPerClient: 0.1 },
  backend: { service: { workers: 9, serviceMs: 1000, distribution: 'fixed' } },
}

async function metricsOf(fleet: Parameters<typeof shell>[2], changes: Partial<Scenario> = {}) {
  const contender = shell('shell', 'A shell.', fleet)
  const { contenders: reports } = await runStorm(
    { ...calm, ...changes },
    { clients: 60, contenders: [contender] },
  )
  return reports[0]?.metrics
}

describe('a whole client', () => {
  it('may send a call twice, and only one is waited for', async () => {
    const metrics = await metricsOf(
      ({ fetch }) =>
        ({ url }) =>
          Promise.race([fetch(url), fetch(url)]),
    )
    expect(metrics?.attemptsPerCall.after).toBe(2)
    expect(metrics?.successRatio.after).toBe(1)
    expect(metrics?.wastedRatio).toBeGreaterThan(0.45)
  })

  it('may give up, by its signal', async () => {
    const metrics = await metricsOf(({ fetch, clock }) => ({ url }) => {
      const controller = new AbortController()
      clock.scheduleAt(clock.now() + 500, () => controller.abort(new Error('late')))
      return fetch(new Request(url), { signal: controller.signal })
    })
    expect(metrics?.successRatio.after).toBe(0)
    expect(metrics?.wastedRatio).toBe(1)
  })

  it('can send nothing for a call that is over, nor with a signal that has aborted', async () => {
    const thrown: unknown[] = []
    const reason = new Error('never mind')
    await metricsOf(({ fetch, clock }) => async ({ url }) => {
      const keep = (error: unknown): void => {
        thrown.push(error)
      }
      clock.scheduleAt(clock.now() + 2000, () => fetch(url).catch(keep))
      await fetch(url, { signal: AbortSignal.abort(reason) }).catch(keep)
      return fetch(url)
    })
    expect(thrown).toContain(reason)
    expect(thrown.map((error) => (error as Error).name)).toContain('AbortError')
  })

  it('can send nothing more as soon as its call is over', async () => {
    const codes: string[] = []
    const metrics = await metricsOf(({ fetch }) => async ({ url }) => {
      const answer = await fetch(url)
      const turns = Array.from({ length: 9 })
      turns
        .reduce<Promise<unknown>>((before) => before.then(() => {}), Promise.resolve())
        .then(() => fetch(url))
        .catch(({ name }) => codes.push(name))
      return answer
    })
    expect(metrics?.attemptsPerCall.after).toBe(1)
    expect(new Set(codes)).toEqual(new Set(['AbortError']))
  })

  it('may send more than two at once, and take any of them back', async () => {
    const metrics = await metricsOf(({ fetch, clock }) => ({ url }) => {
      const [first, second] = [new AbortController(), new AbortController()]
      fetch(url, { signal: first.signal }).catch(() => {})
      fetch(url, { signal: second.signal }).catch(() => {})
      clock.scheduleAt(clock.now() + 100, () => second.abort())
      clock.scheduleAt(clock.now() + 200, () => first.abort())
      return fetch(url)
    })
    expect(metrics?.attemptsPerCall.after).toBe(3)
    expect(metrics?.successRatio.after).toBe(1)
  })

  it('hears of a broken connection as Node’s fetch says it', async () => {
    const codes = new Set<string>()
    await metricsOf(
      ({ fetch }) =>
        ({ url }) =>
          fetch(url).catch((error) => {
            codes.add(error.cause.code)
            throw error
          }),
      {
        changes: [{ atMs: 0, gateway: { state: 'refusing' } }],
        offline: [{ ratio: 1, fromMs: minutes(1), toMs: minutes(2) }],
      },
    )
    expect([...codes]).toEqual(['ECONNREFUSED', 'ENETUNREACH'])
  })

  it('starts anew when its page is reloaded', async () => {
    let made = 0
    const reloading: Partial<Scenario> = {
      changes: [{ atMs: 0, gateway: { state: 'refusing' } }],
      reloads: { ratio: 0.5 },
    }
    await metricsOf(({ fetch }) => {
      made++
      return ({ url }) => fetch(url)
    }, reloading)
    expect(made).toBeGreaterThan(100)
  })

  it.each([
    ['evenkeel-shell', 'evenkeel'],
    ['p-retry-shell', 'p-retry'],
  ] as const)(
    'fares as its core does, to the last digit, where the queue is full: %s',
    async (whole, core) => {
      const failing: Scenario = {
        ...calm,
        backend: {
          service: { workers: 1, serviceMs: 600, queue: 1 },
          gateway: { hasRetryAfter: true },
        },
        network: { roundTripMs: 30 },
      }
      const { contenders: reports } = await runStorm(failing, {
        clients: 20,
        contenders: [contenders[whole], contenders[core]],
      })
      const [shells, cores] = reports.map(({ metrics }) => metrics)
      expect(shells).toEqual(cores)
      expect(shells?.successRatio.after).toBeLessThan(1)
    },
  )

  it('leaves the platform as it was', async () => {
    const before = [setTimeout, clearTimeout, Date.now, Math.random, performance.now]
    await runStorm(calm, { clients: 5, contenders: [contenders['p-retry-shell']] })
    expect([setTimeout, clearTimeout, Date.now, Math.random, performance.now]).toEqual(before)
  })
})

describe('virtual time', () => {
  it.each([takeTurns, takeTurnsByMessage])(
    'goes on when promises have done what they can, to the last (%o)',
    async (takeTurns) => {
      let length = 0
      async function chain(left: number): Promise<void> {
        await undefined
        length++
        if (left) await chain(left - 1)
      }
      const lengths: number[] = []
      chain(999)
      await takeTurns(() => {
        chain(9)
        return lengths.push(length) < 3
      })
      expect(lengths).toEqual([1000, 1010, 1020])
    },
  )

  it.each([takeTurns, takeTurnsByMessage])(
    'ends with what a turn throws (%o)',
    async (takeTurns) => {
      const thrown = takeTurns(() => {
        throw new RangeError('too much')
      })
      await expect(thrown).rejects.toThrow('too much')
    },
  )

  it('is the platform’s, for who asks that', async () => {
    const kernel = new Kernel()
    const clock = new VirtualClock(kernel, () => {})
    const restore = virtualPlatform(clock, () => 0.25)
    const heard: unknown[] = []
    try {
      setTimeout((what: string) => heard.push(what), 1000, 'timer')
        .unref()
        .ref()
      clearTimeout(setTimeout(() => heard.push('cleared'), 500))
      clearTimeout(undefined)
      setTimeout(() => heard.push('at once'))
      const signal = AbortSignal.timeout(2000)
      signal.onabort = () => heard.push(signal.reason.name)
      kernel.run(1500)
      heard.push(performance.now(), Date.now() - clock.wallNow(), Math.random())
      kernel.run(3000)
    } finally {
      restore()
    }
    expect(heard).toEqual(['at once', 'timer', 1500, 0, 0.25, 'TimeoutError'])
  })

  it('can be cancelled, and never comes at the end of all time', () => {
    const kernel = new Kernel()
    const clock = new VirtualClock(kernel, () => {})
    let count = 0
    const first = clock.scheduleAt(10, () => count++)
    clock.scheduleAt(Infinity, () => count++).cancel()
    kernel.run(20)
    clock.scheduleAt(30, () => count++)
    // Its place has been given to the one after it.
    first.cancel()
    kernel.run(40)
    expect(count).toBe(2)
    expect(clock.wallNow()).toBe(Date.UTC(2022, 0, 25, 16, 47, 12) + 40)
  })
})
