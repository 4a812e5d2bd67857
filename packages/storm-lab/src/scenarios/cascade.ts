import { defineScenario } from '../scenario/define-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { minutes } from '../scenario/units.ts'
import { legacyBackend } from './backends.ts'

/** The incident's first half hour as a clean experiment. */
export const cascade: Scenario = defineScenario({
  name: 'cascade',
  about:
    'Ten times the calls within five minutes, for a quarter of an hour, on the backend of the incident; then an hour and a half to recover.',
  durationMs: minutes(120),
  trigger: [minutes(5), minutes(27)],
  peak: [minutes(10), minutes(25)],
  load: {
    // 0.3 of what the backend can serve.
    callsPerSecond: 428,
    shape: [
      [minutes(5), 1],
      [minutes(10), 10],
      [minutes(25), 10],
      [minutes(27), 1],
    ],
  },
  backend: legacyBackend,
})
