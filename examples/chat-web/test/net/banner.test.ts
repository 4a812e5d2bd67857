import { describe, expect, it } from 'vitest'
import { type BannerFacts, bannerOf } from '../../src/net/banner.ts'

const calm: BannerFacts = { isOnline: true, isKept: true, level: 'calm', reasons: [], waiting: 0 }
const key = 'https://api.example.com'
const down = { kind: 'circuit', level: 'strained', key, text: `${key}: down a moment ago` } as const
const failing = {
  kind: 'failures',
  level: 'storm',
  key,
  text: `${key}: 50 % of 6 requests failed in 30.0 s`,
} as const

describe('the banner', () => {
  it('says nothing while it is calm, whatever is on its way', () => {
    expect([bannerOf(calm), bannerOf({ ...calm, waiting: 3 })]).toEqual([undefined, undefined])
  })

  it.each<[Partial<BannerFacts>, string]>([
    [{ isOnline: false }, 'Offline: What you write is kept, and goes when you are online again.'],
    [
      { isOnline: false, waiting: 1 },
      'Offline: One message is kept, and goes when you are online again.',
    ],
    [
      { isOnline: false, waiting: 2, level: 'storm', reasons: [failing] },
      'Offline: 2 messages are kept, and go when you are online again.',
    ],
    [
      { isOnline: false, isKept: false },
      'Offline: What you write goes when you are online again, if this page stays open till then.',
    ],
    [{ level: 'strained', reasons: [down] }, 'Strained: The server is down (down a moment ago).'],
    [
      { level: 'strained', waiting: 1 },
      'Strained: It was worse a moment ago. One message is kept, and goes by itself.',
    ],
    [
      { level: 'storm', reasons: [down, failing] },
      'Storm: Requests fail (50 % of 6 requests failed in 30.0 s). What you write is kept till it is through. Typing is not told.',
    ],
    [
      {
        level: 'storm',
        waiting: 2,
        reasons: [
          {
            ...failing,
            kind: 'correlation',
            key: undefined,
            text: '2 of 2 services fail at the same time',
          },
        ],
      },
      'Storm: Several services fail together (2 of 2 services fail at the same time). 2 messages are kept, and go by themselves. Typing is not told.',
    ],
    [
      { isKept: false, waiting: 1 },
      'Not kept: This browser stores nothing: keep the page open until all is sent.',
    ],
  ])('of %j says so', (facts, said) => {
    const { title, words } = bannerOf({ ...calm, ...facts }) ?? {}
    expect(`${title}: ${words}`).toBe(said)
  })
})
