import type { Priority } from '@evenkeel/core'
import { seededRandom } from '@evenkeel/core/testing'
import type { GateRules } from '@evenkeel/rate-limit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { GateColumns, GateObjects } from '../src/policy/gate-store.ts'
import type { GateTicket } from '../src/policy/gates.ts'

const step = fc.record({
  client: fc.integer({ min: 0, max: 2 }),
  what: fc.constantFrom('enter', 'enter', 'enter', 'learn', 'pump', 'ended', 'drop'),
  restMs: fc.constantFrom(0, 10, 500, 1700, 9000),
  hintMs: fc.constantFrom(undefined, 1000, 7000),
  patienceMs: fc.constantFrom(2000, 60_000),
  priority: fc.constantFrom<Priority>('critical', 'important', 'deferred'),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What becomes of three clients' gates in a store of a kind. */
function played(Store: typeof GateObjects | typeof GateColumns, script: Step[], seed: number) {
  const heard: unknown[] = []
  const rules: GateRules<GateTicket> = {
    limits: [],
    maxQueued: 3,
    rampMs: 5000,
    random: seededRandom(seed),
    emit: (event) => heard.push(event),
    release: ({ call }) => heard.push(`released ${call}`),
    refuse: ({ call }, code, waitMs) => heard.push([call, code, waitMs]),
  }
  const store = new Store(rules, 3)
  const started: GateTicket[] = []
  let nowMs = 0
  for (const [call, { client, what, restMs, hintMs, patienceMs, priority }] of script.entries()) {
    nowMs += restMs
    const gate = what === 'enter' || what === 'learn' ? store.made(client) : store.of(client)
    if (!gate) continue
    const giveUpAtMs = nowMs + patienceMs
    const ticket = { route: '', priority, giveUpAtMs, refusals: 0, call, client }
    const ended = started.findIndex((other) => other.client === client)
    if (what === 'enter') {
      const verdict = gate.enter(ticket, nowMs)
      heard.push(verdict?.code, verdict?.waitMs, verdict?.shed?.call)
      if (!verdict) started.push(ticket)
    } else if (what === 'learn') gate.learn('', { refused: true, retryAfterMs: hintMs }, nowMs)
    else if (what === 'pump') gate.pump(nowMs)
    else if (what === 'drop') store.drop(client)
    else if (ended >= 0) gate.ended(started.splice(ended, 1)[0] as GateTicket, 'accepted', nowMs)
    const { cooldown, queue, nextAtMs, isCalm } = gate
    heard.push(
      { ...cooldown },
      queue.map(({ call }) => call),
      nextAtMs,
      isCalm,
    )
  }
  return heard
}

it('one gate that is each client’s in turn does what a gate for each does', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), fc.integer(), (script, seed) => {
      expect(played(GateColumns, script, seed)).toEqual(played(GateObjects, script, seed))
    }),
    { numRuns: 300 },
  )
})
