import { describe, expect, it } from 'vitest'
import { Backend } from '../../src/backend/backend.ts'
import { type PresetName, presets } from '../../src/backend/presets.ts'
import { scaled } from '../../src/backend/scaled.ts'
import { seededRandom } from '../../src/backend/seeded-random.ts'
import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import { leavingClient } from './clients.ts'

/** Runs base load, a 10× spike and base load again against a backend, each user with so many retries after 1 s. */
function run(name: PresetName, maxRetries: number) {
  const preset = scaled(presets[name], { rate: 10, time: 10 })
  const scheduler = new VirtualScheduler()
  const backend = new Backend(scheduler, preset.backend, 1)
  const random = seededRandom(2)
  const count = { users: 0, served: 0 }
  const send = (attempt: number, watched: boolean) => {
    const client = leavingClient()
    let answered = false
    const retry = () => {
      if (attempt <= maxRetries) scheduler.schedule(() => send(attempt + 1, watched), 100)
    }
    const timeout = scheduler.schedule(() => {
      answered = true
      client.leave()
      retry()
    }, preset.clientTimeoutMs)
    backend.submit(
      {
        service: 'messages',
        write: true,
        client: 'a',
        priority: 'important',
        gone: client.gone,
        get isGone() {
          return client.isGone
        },
      },
      (outcome) => {
        if (answered) return
        timeout.cancel()
        if (outcome !== 'done') retry()
        else if (watched) count.served++
      },
    )
  }
  let rate = preset.baseRate
  let watched = false
  const arrive = () => {
    if (watched) count.users++
    send(1, watched)
    scheduler.schedule(arrive, (-1_000 * Math.log(1 - random())) / rate)
  }
  arrive()
  scheduler.advance(10_000)
  rate = preset.baseRate * 10
  scheduler.advance(60_000)
  rate = preset.baseRate
  scheduler.advance(60_000)
  watched = true
  scheduler.advance(30_000)
  watched = false
  scheduler.advance(20_000)
  return { success: count.served / count.users, status: backend.status.database }
}

describe('after a spike of ten times the load', () => {
  it('the legacy backend stays down under clients with three retries', () => {
    const { success, status } = run('legacy', 3)
    expect(success).toBeLessThan(0.6)
    expect(status.queued).toBeGreaterThan(50)
    expect(status.wastedMs).toBeGreaterThan(status.usefulMs)
  })

  it('the legacy backend recovers under clients that do not retry', () => {
    const { success, status } = run('legacy', 0)
    expect(success).toBeGreaterThan(0.99)
    expect(status.queued).toBe(0)
  })

  it('the bounded backend recovers whatever finite clients do', () => {
    expect(run('bounded', 3).success).toBeGreaterThan(0.99)
  })
})
