import type { StatePart } from '@evenkeel/core/persistence'
import type { RateLimit } from './rate-limit-options.ts'
import { isStreak, loadRateLimit, type SaveOptions, saveRateLimit } from './saved-rate-limit.ts'

/**
 * Lets cooldowns, learned buckets and {@link reloadBackoff} outlive a reload, and a refusal in one tab hold
 * all of them, by `shareState` of `@evenkeel/core/persistence`; afterwards the tabs take turns in one ramp.
 */
export function sharedRateLimit(rateLimit: RateLimit): StatePart {
  let place = { rank: 0, tabs: 1 }

  function arrange(): void {
    for (const { cooldown, limits } of rateLimit.gates.entries().values())
      for (const hold of [cooldown, ...limits.filter(isStreak).map((streak) => streak.hold)])
        Object.assign(hold, place)
  }

  function save(options: SaveOptions): unknown {
    const saved = saveRateLimit(rateLimit, options)
    return saved.keys.length ? saved : undefined
  }

  return {
    name: 'rateLimit',
    save: (isEnding) => save({ isEnding }),
    load(saved) {
      const isSnapshot = loadRateLimit(rateLimit, saved)
      arrange()
      return isSnapshot
    },
    connect({ changed }) {
      rateLimit.onHeld = (key, route) => {
        const saved = save({ key, route })
        if (saved) changed(saved)
        arrange()
      }
      return () => {
        rateLimit.onHeld = undefined
        place = { rank: 0, tabs: 1 }
        arrange()
      }
    },
    arrange(rank, tabs) {
      place = { rank, tabs }
      arrange()
    },
  }
}
