import { describe, expect, it } from 'vitest'
import { Backend } from '../../src/backend/backend.ts'
import { type Priority, priorities } from '../../src/backend/job.ts'
import { type PresetName, presets } from '../../src/backend/presets.ts'
import { scaled } from '../../src/backend/scaled.ts'
import { seededRandom } from '../../src/backend/seeded-random.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import { defaultFleetHint } from '../../src/hint/fleet-hint-options.ts'
import { FleetHints } from '../../src/hint/fleet-hints.ts'
import { apiRequest } from '../api-request.ts'
import { leavingClient } from '../backend/clients.ts'

const warmUpSeconds = 20
const patienceMs = 6_000

type Fate = 'served' | 'shed' | 'late' | 'refused'

/** Clients that obey the hint at three times what a twentieth of the incident's database can do; what became of their calls. */
function run(preset: PresetName, seed: number, seconds = 60) {
  const scheduler = new VirtualScheduler()
  const { backend: options } = scaled(presets[preset], { rate: 20, time: 1 })
  const backend = new Backend(scheduler, options, seed)
  const random = seededRandom(100 + seed)
  const hints = new FleetHints(
    scheduler,
    { ...defaultFleetHint({ time: 1 }), enabled: true },
    {
      capacityPerSecond: () => backend.capacityPerSecond,
      waiting: () => backend.excess,
      isWork: () => true,
      reconnectWindowMs: () => undefined,
    },
    () => {},
  )
  const none = () => ({ served: 0, shed: 0, late: 0, refused: 0 })
  const fates: Record<Priority, Record<Fate, number>> = {
    critical: none(),
    important: none(),
    deferred: none(),
  }
  const isCounted = () => scheduler.now() >= warmUpSeconds * 1_000

  function call(priority: Priority): void {
    const counts = isCounted() ? fates[priority] : none()
    if (random() >= hints.status.admitted[priority]) {
      counts.shed++
      return
    }
    hints.count(apiRequest({ priority }))
    const client = leavingClient()
    const end = scheduler.schedule(() => {
      client.leave()
      counts.late++
    }, patienceMs)
    const request = { ...apiRequest({ priority, write: true }), gone: client.gone }
    const work = Object.defineProperty(request, 'isGone', { get: () => client.isGone })
    backend.submit(work, (outcome) => {
      if (client.isGone) return
      end.cancel()
      counts[outcome === 'done' ? 'served' : 'refused']++
    })
  }

  function arrive(): void {
    const draw = random()
    call(draw < 0.3 ? 'critical' : draw < 0.8 ? 'important' : 'deferred')
    const growth = Math.min(1, 0.1 + scheduler.now() / 10_000)
    const perSecond = 3 * backend.capacityPerSecond * growth
    scheduler.schedule(arrive, (-1_000 * Math.log(1 - random())) / perSecond)
  }

  arrive()
  scheduler.advance((warmUpSeconds + seconds) * 1_000)
  const served = priorities.reduce((sum, priority) => sum + fates[priority].served, 0)
  const { wastedMs, usefulMs } = backend.status.database
  return {
    critical: fates.critical,
    goodput: served / seconds / backend.capacityPerSecond,
    waste: wastedMs / (wastedMs + usefulMs),
  }
}

describe('clients that obey the hint, at three times what a twentieth of the server can do', () => {
  it.each(['legacy', 'bounded', 'prio'] as const)(
    'keep %s above nine tenths of its best, with 99 of 100 critical calls served, the others shed before they are sent',
    (preset) => {
      const runs = Array.from({ length: 10 }, (_, index) => run(preset, index + 1))
      const sum = (fate: Fate) => runs.reduce((total, { critical }) => total + critical[fate], 0)
      const [served, shed, late, refused] = [
        sum('served'),
        sum('shed'),
        sum('late'),
        sum('refused'),
      ]
      expect(served / (served + shed + late + refused)).toBeGreaterThanOrEqual(0.99)
      expect([late, refused]).toEqual([0, 0])
      for (const { goodput, waste } of runs) {
        expect(goodput).toBeGreaterThanOrEqual(0.9)
        expect(waste).toBeLessThanOrEqual(0.02)
      }
    },
  )

  it('are by chance fewer in ten seconds, as the critical alone are nine tenths of its best', () => {
    const shares = Array.from({ length: 20 }, (_, index) => {
      const { served, shed, late, refused } = run('legacy', index + 1, 10).critical
      return served / (served + shed + late + refused)
    })
    expect(shares.filter((share) => share < 0.99).length).toBeGreaterThanOrEqual(10)
    expect(shares.filter((share) => share < 0.97).length).toBeGreaterThanOrEqual(4)
    expect(Math.min(...shares)).toBeGreaterThan(0.9)
  })
})
