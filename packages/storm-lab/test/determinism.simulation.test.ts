import { describe, expect, it } from 'vitest'
import { engineDigests, stormDigest } from './digest.ts'

describe('in Node.js', () => {
  it('a seed gives the same report as everywhere', async () => {
    for (const [at, digest] of engineDigests.entries())
      expect(await stormDigest(at + 1, 'no-retries', 'prescription')).toBe(digest)
    expect(engineDigests).toHaveLength(3)
  })
})
