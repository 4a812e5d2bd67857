import { defineScenario, minutes } from '../../src/index.ts'

export default defineScenario({
  name: 'lunch',
  about: 'Nobody is there.',
  durationMs: minutes(3),
  trigger: [minutes(1), minutes(2)],
  load: { callsPerSecond: 1 },
  backend: { service: { workers: 1, serviceMs: 10 } },
})
