import { defineScenario } from '../scenario/define-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { seconds } from '../scenario/units.ts'
import { legacyBackend } from './backends.ts'

const herdAtMs = seconds(120)

/** The cascade in ten minutes, short enough for real processes to go through it too. */
export const incidentReplay: Scenario = defineScenario({
  name: 'incident-replay',
  about:
    'Ten times the calls within a minute, for two of them, on the backend of the incident; then six minutes to recover. Short enough for real processes to play it too.',
  durationMs: seconds(630),
  trigger: [seconds(30), seconds(270)],
  phases: [
    { name: 'calm', fromMs: 0, toMs: seconds(30) },
    { name: 'ramp', fromMs: seconds(30), toMs: seconds(90) },
    { name: 'peak', fromMs: seconds(90), toMs: seconds(210) },
    { name: 'fall', fromMs: seconds(210), toMs: seconds(270) },
    { name: 'recovery', fromMs: seconds(270), toMs: seconds(510) },
    // Calls go on, so that earlier ones can end.
    { name: 'tail', fromMs: seconds(510), toMs: seconds(630) },
  ],
  load: {
    callsPerSecond: 428,
    callsPerClient: 0.1,
    shape: [
      [seconds(30), 1],
      [seconds(90), 10],
      [seconds(210), 10],
      [seconds(270), 1],
    ],
    classes: [
      { name: 'light', ratio: 0.4, activity: 0.125 },
      { name: 'regular', ratio: 0.5, activity: 0.9 },
      { name: 'heavy', ratio: 0.1, activity: 5 },
    ],
    readRatio: 0.7,
    // Messages are sent without a key by which a server could know them again.
    idempotentRatio: 0,
    patienceMs: seconds(120),
  },
  backend: legacyBackend,
  sockets: {
    // A hundredth of the fleet.
    acceptsPerSecond: 428,
    // Eight seconds' worth: whoever finds a place has its turn before it gives up.
    acceptQueue: 3500,
    drops: [{ atMs: herdAtMs, overMs: 1, code: 1006 }],
  },
  changes: [{ atMs: herdAtMs, label: 'The gateway drops its sockets' }],
})
