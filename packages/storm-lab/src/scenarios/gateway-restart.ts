import { defineScenario } from '../scenario/define-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { minutes, seconds } from '../scenario/units.ts'
import { boundedBackend } from './backends.ts'

/** Every socket is closed at once. */
export const gatewayRestart: Scenario = defineScenario({
  name: 'gateway-restart',
  about:
    'The gateway restarts and closes the socket of every client within a second; it can do a hundredth of their handshakes in one.',
  durationMs: minutes(20),
  trigger: [minutes(5), minutes(5) + seconds(100)],
  load: { callsPerSecond: 428, callsPerClient: 0.02 },
  sockets: { acceptsPerSecond: 214, drops: [{ atMs: minutes(5) }] },
  backend: boundedBackend,
  changes: [{ atMs: minutes(5), label: 'The gateway restarts' }],
})
