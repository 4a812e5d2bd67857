import { describe, expect, it } from 'vitest'
import { contender, minutes, runStorm, type Scenario } from '../src/index.ts'

describe('a fleet', () => {
  const scenario: Scenario = {
    name: 'three times',
    about: 'Three times as many calls as can be served.',
    durationMs: minutes(4),
    trigger: [minutes(2), minutes(4)],
    load: { callsPerSecond: 300, callsPerClient: 0.1 },
    backend: { service: { workers: 10, serviceMs: 100, queue: 1000 }, hint: {} },
  }
  const heeding = contender('heeding', 'Heeds.', { fleetHint: true }, 'cores')

  async function spike(changes: Partial<Scenario> = {}) {
    const { contenders } = await runStorm(
      { ...scenario, ...changes },
      { clients: 3000, contenders: [heeding] },
    )
    return contenders[0]?.metrics
  }

  it('that heeds it sends what can be served, the critical first, and no retries', async () => {
    const metrics = await spike()
    expect(metrics?.attemptsPerCall.spike).toBeLessThan(0.33)
    expect(metrics?.goodputRatio).toBeGreaterThan(0.85)
    expect(metrics?.successByPriority.critical).toBeGreaterThan(0.98)
    expect(metrics?.successByPriority.deferred).toBe(0)
  })

  it('goes on by itself when the last hint is too old', async () => {
    const backend = { ...scenario.backend, hint: { lostFromMs: minutes(1) } }
    const metrics = await spike({ backend })
    expect(metrics?.attemptsPerCall.spike).toBeGreaterThan(0.5)
  })
})
