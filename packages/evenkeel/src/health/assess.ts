import type { HealthLevel, HealthReason } from './health-reason.ts'
import type { KeyWindow, Tally } from './key-window.ts'

/** One failure domain as it is judged. */
export interface KeyView extends Pick<KeyWindow, 'recentMs' | 'usualMs' | 'answers'> {
  readonly key: string
  readonly tally: Tally
  /** Whether its circuit is open. */
  readonly isOpen: boolean
  /** Whether a probe has failed since the circuit was last closed. */
  readonly isReopened: boolean
  /** How much longer calls are held at the server's wish. */
  readonly cooldownMs: number
  /** What share of each priority the server admits, from 0 to 3; nothing while it does not say. */
  readonly hintLevel: number | undefined
}

/** Fewer requests than these say nothing of a share. */
const enough = 5
const enoughForSmall = 10

const percent = (part: number, whole: number): string => `${Math.round((100 * part) / whole)} %`
const seconds = (durationMs: number): string => `${(durationMs / 1000).toFixed(1)} s`

/**
 * Says what speaks against an API: the four things that the incident of January 2022 taught to watch (retry rate,
 * errors that come together, refusals for rate, times that grow before anything fails) and what is known besides.
 */
export function assess(views: readonly KeyView[], windowMs: number): readonly HealthReason[] {
  const reasons = views.flatMap((view) => ofKey(view, seconds(windowMs)))
  const active = views.filter(({ tally }) => tally.attempts >= 3)
  const failing = active.filter(({ tally }) => tally.failures >= 0.3 * tally.attempts)
  if (failing.length >= 2 && failing.length >= active.length / 2)
    reasons.push({
      kind: 'correlation',
      level: 'storm',
      key: undefined,
      text: `${failing.length} of ${active.length} services fail at the same time`,
    })
  return reasons
}

function ofKey(view: KeyView, window: string): HealthReason[] {
  const { key, tally, isOpen, isReopened, cooldownMs, hintLevel } = view
  const { attempts, failures, limited, retries } = tally
  const reasons: HealthReason[] = []
  const add = (kind: HealthReason['kind'], isStorm: boolean, text: string): void => {
    reasons.push({ kind, level: isStorm ? 'storm' : 'strained', key, text: `${key}: ${text}` })
  }
  /** Half of all is a storm as it opens a circuit; a tenth is what Google's SRE book lets a client retry. */
  const share = (
    kind: HealthReason['kind'],
    count: number,
    [some, most]: readonly [some: number, most: number],
    what: string,
  ): void => {
    const ratio = count / attempts
    const isStorm = attempts >= enough && ratio >= most
    if (isStorm || (attempts >= enoughForSmall && ratio >= some))
      add(kind, isStorm, `${percent(count, attempts)} of ${attempts} requests ${what} in ${window}`)
  }
  share('failures', failures, [0.1, 0.5], 'failed')
  share('limits', limited, [0.05, 0.3], 'were refused for rate')
  share('retries', retries, [0.1, 0.3], 'were retries')
  if (isOpen)
    add('circuit', isReopened, isReopened ? 'still down when probed' : 'down a moment ago')
  if (cooldownMs > 0) add('cooldown', false, `asks for quiet for ${seconds(cooldownMs)}`)
  if (view.answers >= 16 && view.recentMs >= 500 && view.recentMs >= 2 * view.usualMs)
    add(
      'latency',
      false,
      `answers take ${seconds(view.recentMs)}, ${(view.recentMs / view.usualMs).toFixed(1)} times as long as usual`,
    )
  if (hintLevel !== undefined && hintLevel < 3)
    add('hint', hintLevel < 2, `admits only a part of all calls (level ${hintLevel})`)
  return reasons
}

/** The worst that any reason speaks for. */
export function levelOf(reasons: readonly HealthReason[]): HealthLevel {
  if (reasons.some(({ level }) => level === 'storm')) return 'storm'
  return reasons.length ? 'strained' : 'calm'
}
