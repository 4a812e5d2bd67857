import { describe, expect, it } from 'vitest'
import { engineDigests, stormDigest } from './digest.ts'

describe('in a browser', () => {
  it('a seed gives the same report as everywhere', async () => {
    for (const [at, digest] of engineDigests.entries())
      expect(await stormDigest(at + 1, 'no-retries', 'prescription')).toBe(digest)
  })

  // WebKit takes its time with tens of thousands of responses.
  it('a seed gives the same report twice, whole clients and all', {
    timeout: 120_000,
  }, async () => {
    const once = await stormDigest(1, 'evenkeel', 'sre-throttle')
    expect(await stormDigest(1, 'evenkeel', 'sre-throttle')).toBe(once)
    const shells = await stormDigest(1, 'evenkeel-shell')
    expect(await stormDigest(1, 'evenkeel-shell')).toBe(shells)
  })
})
