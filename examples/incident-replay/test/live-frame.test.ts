import { describe, expect, it } from 'vitest'
import { liveFrame } from '../src/live/live-frame.ts'
import { evenkeel } from '../src/worlds/evenkeel.ts'
import { fleetSample, serverSample } from './world.ts'

describe('liveFrame', () => {
  it('gives rates of the latest stretch, and how things stand', () => {
    const source = {
      world: evenkeel,
      fleetSamples: [
        fleetSample(0),
        fleetSample(30_000, { begun: 100, attempts: 100, succeeded: 100 }, { dials: 5 }),
        fleetSample(
          40_000,
          { begun: 140, attempts: 200, succeeded: 110, failed: 30 },
          { dials: 25, connected: 200 },
        ),
      ],
      serverSamples: [
        serverSample(20_000, { usefulMs: 100, wastedMs: 50 }),
        serverSample(40_000, { usefulMs: 130, wastedMs: 60, queued: 7 }),
      ],
    }
    expect(liveFrame(40_000.4, [source])).toEqual({
      atMs: 40_000,
      worlds: [
        {
          success: 0.786,
          attemptsPerCall: 1.429,
          callsPerSecond: 4,
          requestsPerSecond: 10,
          queued: 7,
          wasted: 0.25,
          connected: 200,
          dialsPerSecond: 2,
        },
      ],
    })
  })

  it('has nothing to say before anything has happened', () => {
    const [world] = liveFrame(0, [{ world: evenkeel, fleetSamples: [], serverSamples: [] }]).worlds
    expect(world).toMatchObject({ success: null, wasted: null, requestsPerSecond: 0 })
  })
})
