import { type Priority, run } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { fleetHint } from '../../src/fleet-hint.ts'
import { fleetController } from '../../src/fleet-hint-server.ts'

const capacityPerSecond = 200
const peakRatio = 3
/** Requests that wait longer than this are served for nobody. */
const patienceSeconds = 5

/** What clients hear of the hint. */
type Mode = 'obeyed' | 'lost' | 'none'

/** How an overload went, after ten seconds of calm. */
export interface Outcome {
  /** What was served in time, as a share of the most that can be. */
  readonly goodput: number
  /** By priority, from when the first level was known. */
  readonly success: Readonly<Record<Priority, number>>
  /** The share of the server's work that was for nobody. */
  readonly waste: number
}

/**
 * A fleet of clients, all of whom have the policy, in front of one queue that serves first come, first served, and gets slower
 * the longer it is: at a minute's worth of waiting to less than half.
 */
export async function overload(mode: Mode, seconds: number): Promise<Outcome> {
  const clock = manualClock()
  const random = seededRandom(7)
  const hint = fleetHint({ clock, random })
  const controller = fleetController({ capacityPerSecond, clock })
  const key = 'api'
  const queue: { readonly priority: Priority; readonly second: number }[] = []
  let work = 0
  let wasted = 0
  const asked = { critical: 0, important: 0, deferred: 0 }
  const served = { critical: 0, important: 0, deferred: 0 }
  let credit = 0
  for (let second = 0; second < 10 + seconds; second++) {
    const isPeak = second >= 10
    const calls = capacityPerSecond * (isPeak ? peakRatio : 0.3)
    for (let i = 0; i < calls; i++) {
      const draw = random()
      const priority = draw < 0.3 ? 'critical' : draw < 0.8 ? 'important' : 'deferred'
      // The first level is a period old.
      if (second >= 12) asked[priority]++
      await run(
        hint,
        () => {
          controller.count(priority)
          queue.push({ priority, second })
        },
        { key, priority },
      ).catch(() => {})
    }
    const crowding = Math.min(1, queue.length / (60 * capacityPerSecond))
    credit += capacityPerSecond * (1 - 0.58 * crowding)
    const done = queue.splice(0, Math.floor(credit))
    credit -= Math.floor(credit)
    for (const each of done) {
      const isLate = second - each.second > patienceSeconds
      if (isPeak) work++
      if (isPeak && isLate) wasted++
      if (!isLate && each.second >= 12) served[each.priority]++
    }
    await clock.advance(1000)
    const level = controller.hint(queue.length > capacityPerSecond)
    if (mode === 'obeyed') hint.set(key, level)
  }
  const total = served.critical + served.important + served.deferred
  return {
    goodput: total / ((seconds - 2) * capacityPerSecond),
    success: {
      critical: served.critical / asked.critical,
      important: served.important / asked.important,
      deferred: served.deferred / asked.deferred,
    },
    waste: wasted / work,
  }
}
