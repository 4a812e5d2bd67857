import type { Priority } from '@evenkeel/core'
import { seededRandom } from '@evenkeel/core/testing'
import { adaptiveThrottle, tokenBucket } from '@evenkeel/rate-limit'
import { describe, expect, it } from 'vitest'
import { CallTable } from '../src/fleet/call-table.ts'
import { type CooldownRules, Gates, type GateTicket } from '../src/policy/gates.ts'
import { priorities } from '../src/scenario/priorities.ts'

/** The gates of two clients, and what is heard of them. */
function world(rules: CooldownRules = {}) {
  const calls = new CallTable()
  const rows = Array.from({ length: 200 }, () => calls.take())
  const released: number[] = []
  const refused: number[] = []
  const pumps: [client: number, atMs: number][] = []
  const gates = new Gates(rules, 2, calls, seededRandom(1), {
    released: ({ call }) => released.push(calls.numberOf(call)),
    refused: ({ call }) => refused.push(calls.numberOf(call)),
    pumpAt: (client, atMs) => pumps.push([client, atMs]),
  })
  /** Lets the gates have their turns until an instant. */
  function runUntil(endMs: number): void {
    for (;;) {
      const next = pumps.sort((a, b) => a[1] - b[1])[0]
      if (!next || next[1] > endMs) return
      pumps.shift()
      gates.due(...next)
    }
  }
  function enter(
    number: number,
    nowMs: number,
    deadlineAtMs = Infinity,
    client = 0,
    priority: Priority = 'important',
  ) {
    const call = rows[number] as number
    calls.client[call] = client
    calls.priority[call] = priorities.indexOf(priority)
    return gates.enter(call, deadlineAtMs, nowMs)
  }
  return { gates, calls, released, refused, pumps, runUntil, enter }
}

describe('the gates of a fleet', () => {
  it('let everybody pass without a ticket while nobody was turned away', () => {
    const { enter, gates } = world()
    expect(enter(1, 0)).toBeUndefined()
    gates.ended(0, undefined, 'accepted', 10)
    gates.due(0, 10)
  })

  it('hold the calls of a client whose server turned one away, and no other’s, and let them go one by one', () => {
    const { gates, enter, runUntil, released } = world()
    gates.turnedAway(0, 2000, 1000)
    expect(enter(1, 1000)).toBe('parked')
    expect(enter(2, 1100)).toBe('parked')
    expect(enter(3, 1100, Infinity, 1)).toBeUndefined()
    runUntil(2999)
    expect(released).toEqual([])
    runUntil(10_000)
    expect(released).toEqual([1, 2])
  })

  it('forget it when a call has been answered and all is over', () => {
    const { gates, enter, calls } = world()
    gates.turnedAway(0, NaN, 0)
    const ticket = enter(1, 20_000) as GateTicket
    expect(calls.numberOf(ticket.call)).toBe(1)
    gates.ended(0, ticket, 'accepted', 20_100)
    const next = enter(2, 30_000) as GateTicket
    gates.ended(0, next, 'accepted', 30_000)
    expect(enter(3, 30_000)).toBeUndefined()
  })

  it('turn away who can’t wait for so long, and whose place is taken', () => {
    const { gates, enter, refused, runUntil } = world({ maxQueued: 1, maxWaitMs: 30_000 })
    gates.turnedAway(0, 20_000, 0)
    expect(enter(1, 0, 10_000)).toBe('refused')
    expect(enter(2, 0)).toBe('parked')
    expect(enter(3, 0)).toBe('refused')
    expect(enter(4, 0, Infinity, 0, 'critical')).toBe('parked')
    expect(refused).toEqual([2])
    gates.turnedAway(0, 60_000, 100)
    runUntil(30_000)
    expect(refused).toEqual([2, 4])
  })

  it('are forgotten by a client that starts anew, unless somebody waits', () => {
    const { gates, enter } = world()
    gates.turnedAway(0, 5000, 0)
    gates.forget(0)
    expect(enter(1, 0)).toBeUndefined()
    gates.turnedAway(0, 5000, 0)
    expect(enter(2, 0)).toBe('parked')
    gates.forget(0)
    expect(enter(3, 0)).toBe('parked')
  })

  it('ask the limits of this side of each call', () => {
    const { gates, calls, enter, runUntil, released } = world({
      limits: [tokenBucket({ capacity: 1, refillPerSecond: 1 })],
    })
    const ticket = enter(1, 0) as GateTicket
    expect(calls.numberOf(ticket.call)).toBe(1)
    expect(enter(2, 0)).toBe('parked')
    gates.ended(0, ticket, 'accepted', 500)
    runUntil(1000)
    expect(released).toEqual([2])
    expect(calls.numberOf((enter(3, 100_000) as GateTicket).call)).toBe(3)
    const throttled = world({ limits: [adaptiveThrottle({ k: 1 })] })
    let turnedAway = 0
    for (let call = 0; call < 200; call++) {
      const entered = throttled.enter(call, call)
      if (entered === 'refused') turnedAway++
      else throttled.gates.ended(0, entered as GateTicket, 'rejected', call)
    }
    expect(turnedAway).toBeGreaterThan(100)
  })
})
