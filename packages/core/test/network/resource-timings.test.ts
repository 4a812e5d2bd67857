import { afterEach, describe, expect, it } from 'vitest'
import { type ResourceTimingLike, readTiming, resourceTimings } from '../../src/network/index.ts'

const plain: ResourceTimingLike = {
  requestStart: 10,
  responseStart: 110,
  responseEnd: 510,
  encodedBodySize: 50_000,
  transferSize: 50_300,
  workerStart: 0,
}

describe('readTiming', () => {
  it('takes the time to the first byte for a round trip, and the rest for the line', () => {
    expect(readTiming(plain)).toEqual({ rttMs: 100, downlinkKbps: 1000 })
  })

  it.each([
    ['a body that came before TCP was at speed', { encodedBodySize: 32_767 }],
    ['one that came in no time', { responseEnd: 110 }],
  ])('takes nothing for the line of %s', (_, changes) => {
    expect(readTiming({ ...plain, ...changes })).toEqual({ rttMs: 100, downlinkKbps: undefined })
  })

  it('takes the least body that will do', () => {
    expect(readTiming({ ...plain, encodedBodySize: 32_768 })?.downlinkKbps).toBeCloseTo(655.36, 9)
  })

  it.each([
    ['came from a cache', { transferSize: 0 }],
    ['came from a service worker', { workerStart: 5 }],
    ['is of an origin that hides its times', { requestStart: 0, responseStart: 0 }],
    ['was aborted', { responseStart: 0 }],
  ])('learns nothing from what %s', (_, changes) => {
    expect(readTiming({ ...plain, ...changes })).toBe(undefined)
  })
})

describe('resourceTimings', () => {
  const { PerformanceObserver } = globalThis
  afterEach(() => Object.assign(globalThis, { PerformanceObserver }))

  it('observes what the platform times, what came before included, until released', () => {
    const observed: unknown[] = []
    let tell: (list: { getEntries(): unknown[] }) => void = () => {}
    class FakeObserver {
      static supportedEntryTypes = ['resource']
      constructor(callback: typeof tell) {
        tell = callback
      }
      observe = (options: unknown) => observed.push(options)
      disconnect = () => observed.push('disconnected')
    }
    Object.assign(globalThis, { PerformanceObserver: FakeObserver })
    const heard: unknown[] = []
    const release = resourceTimings((timing) => heard.push(timing))
    tell({ getEntries: () => [plain, plain] })
    release()
    expect(heard).toEqual([plain, plain])
    expect(observed).toEqual([{ type: 'resource', buffered: true }, 'disconnected'])
  })

  it.each([
    ['no observer', undefined],
    ['one of other things', { supportedEntryTypes: ['mark'] }],
    ['one that does not say', {}],
  ])('observes nothing where there is %s', (_, fake) => {
    Object.assign(globalThis, { PerformanceObserver: fake })
    expect(resourceTimings(() => {})()).toBe(undefined)
  })
})
