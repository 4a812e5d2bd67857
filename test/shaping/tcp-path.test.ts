import { describe, expect, it } from 'vitest'
import { handshakeMs, type NetworkShape, TcpPath } from './tcp-path.ts'

const perfect: NetworkShape = { latencyMs: 0, lossRatio: 0, bytesPerSecond: Infinity }
const far: NetworkShape = { ...perfect, latencyMs: 150 }
const segment = 1460

/** Chance that loses the segments listed, counted from 0. */
function losing(...lost: readonly number[]): () => number {
  let asked = 0
  return () => (lost.includes(asked++) ? 0 : 0.999)
}

/** When each of so many segments comes out, sent at once. */
const arrivals = (count: number, shape: NetworkShape, random = losing()): number[] =>
  new TcpPath(random).send(count * segment, 0, shape).map(({ atMs }) => atMs)

/** At which instants how many come. */
function waves(times: readonly number[]): [atMs: number, count: number][] {
  return [...new Set(times)].map((atMs) => [atMs, times.filter((time) => time === atMs).length])
}

describe('a path', () => {
  it('takes no time on a perfect network', () => {
    expect(waves(arrivals(5, perfect))).toEqual([[0, 5]])
  })

  it('cuts what it carries into segments, and loses no byte', () => {
    expect(new TcpPath(losing()).send(3000, 0, far)).toEqual([
      { bytes: 1460, atMs: 150 },
      { bytes: 1460, atMs: 150 },
      { bytes: 80, atMs: 150 },
    ])
  })

  it('starts slowly: ten segments, then twice as many each round trip', () => {
    expect(waves(arrivals(80, far))).toEqual([
      [150, 10],
      [450, 20],
      [750, 40],
      [1050, 10],
    ])
  })

  it('begins with what is left of a round, and no sooner than the next with more', () => {
    const path = new TcpPath(losing())
    path.send(8 * segment, 0, far)
    const later = path.send(4 * segment, 100, far).map(({ atMs }) => atMs)
    expect(waves(later)).toEqual([
      [250, 2],
      [450, 2],
    ])
  })

  it('carries no more than the line does', () => {
    expect(arrivals(3, { ...far, bytesPerSecond: 14_600 })).toEqual([250, 350, 450])
  })

  it('stalls for a round trip after a loss that later segments tell of, and goes on with half the window', () => {
    expect(waves(arrivals(12, { ...far, lossRatio: 0.05 }, losing(2)))).toEqual([
      [150, 2],
      [450, 6],
      [750, 4],
    ])
  })

  it('stalls for a second after a loss that nothing tells of, twice as long when that is lost again', () => {
    const lossy = { ...far, lossRatio: 0.05 }
    expect(arrivals(3, lossy, losing(2))).toEqual([150, 150, 1150])
    expect(arrivals(3, lossy, losing(2, 3))).toEqual([150, 150, 2150])
  })

  it('holds what comes after a lost segment: TCP keeps the order', () => {
    const times = arrivals(40, { ...far, lossRatio: 0.05 }, losing(1, 20, 33))
    expect([...times].sort((a, b) => a - b)).toEqual(times)
  })
})

describe('a handshake', () => {
  const lossy = { ...far, lossRatio: 0.05 }
  it.each([
    ['a round trip', losing(), 300],
    ['a second more when a part of it is lost', losing(0), 1300],
    ['and two more when that is lost again', losing(0, 1), 3300],
  ])('takes %s', (_, random, expected) => {
    expect(handshakeMs(lossy, random)).toBe(expected)
  })
})
