import { defineScenario } from '../scenario/define-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { minutes, seconds } from '../scenario/units.ts'
import { legacyBackend } from './backends.ts'

/** When the incident began, in the scenario: ten minutes of a normal day come before. */
const startMs = minutes(10)
const at = (minute: number): number => startMs + minutes(minute)

/**
 * The incident scenario of 25 January 2022, 16:47 to 20:15 UTC, minute by minute. The public record of
 * that day is thinner than this.
 */
export const incident2022: Scenario = defineScenario({
  name: 'incident-2022',
  about:
    'A tournament and a meme bring ten times the calls within five minutes; partial mitigation, a second wave an hour on, a strained database, and after three and a half hours all is restored.',
  durationMs: at(208) + minutes(12),
  trigger: [at(0), at(118)],
  peak: [at(5), at(18)],
  phases: [
    { name: 'limits raised', fromMs: at(18), toMs: at(33) },
    { name: 'backpressure', fromMs: at(33), toMs: at(58) },
    { name: 'second wave', fromMs: at(63), toMs: at(88) },
    { name: 'database strain', fromMs: at(103), toMs: at(118) },
    { name: 'client fix', fromMs: at(118), toMs: at(163) },
    { name: 'restored', fromMs: at(163), toMs: at(208) },
  ],
  load: {
    callsPerSecond: 428,
    shape: [
      [at(0), 1],
      [at(5), 10],
      [at(18), 10],
      [at(33), 4],
      [at(58), 1.5],
      // Mobile clients come back with what they had put off.
      [at(63), 1.5],
      [at(65), 6],
      [at(78), 6],
      [at(88), 2],
      [at(118), 1.2],
      [at(163), 1],
    ],
  },
  reloads: { ratio: 0.2 },
  backend: legacyBackend,
  changes: [
    {
      atMs: at(0) + seconds(33),
      gateway: { limiter: { kind: 'fixed-window', perSecond: 1286 } },
      label: 'The gateway throttles: 429',
    },
    {
      atMs: at(18),
      gateway: { limiter: { kind: 'token-bucket', perSecond: 2572 } },
      label: 'Limits are raised',
    },
    {
      atMs: at(33),
      gateway: { limiter: { kind: 'token-bucket', perSecond: 1286 } },
      service: { workers: 749, queue: 1000 },
      label: 'Backpressure: queue limits, shedding',
    },
    { atMs: at(58), label: 'Partial recovery' },
    { atMs: at(63), label: 'Second wave: mobile clients' },
    { atMs: at(103), service: { serviceMs: 250 }, label: 'Database strain' },
    { atMs: at(118), service: { serviceMs: 150 }, label: 'Client fixes ship' },
    { atMs: at(163), serviceSize: 1.5, label: 'Capacity is scaled' },
    { atMs: at(208), label: 'All restored' },
  ],
})
