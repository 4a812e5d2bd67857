import { defineScenario } from '../scenario/define-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { minutes, seconds } from '../scenario/units.ts'
import { boundedBackend } from './backends.ts'

/** Nobody can connect for a minute. */
export const outage60s: Scenario = defineScenario({
  name: 'outage-60s',
  about:
    'The gateway refuses every connection for a minute, on a backend at 60 % of what it can serve: what comes back then, and how soon?',
  durationMs: minutes(15),
  trigger: [minutes(5), minutes(5) + seconds(60)],
  load: { callsPerSecond: 857, callsPerClient: 0.05 },
  backend: boundedBackend,
  changes: [
    { atMs: minutes(5), gateway: { state: 'refusing' }, label: 'The gateway goes down' },
    { atMs: minutes(6), gateway: { state: 'up' }, label: 'The gateway is up again' },
  ],
})
