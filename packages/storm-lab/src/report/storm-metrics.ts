import type { Recorder } from '../metrics/recorder.ts'
import { type Windows, windowMs } from '../metrics/windows.ts'
import type { ResolvedScenario } from '../scenario/resolve-scenario.ts'
import { peakMinute, sumOf } from './phase-figures.ts'
import type { PhaseFigures, StormMetrics } from './report.ts'
import { ratioOf, rounded } from './round.ts'

/** How many windows a recovery must last: a minute. */
const lasting = 60_000 / windowMs

/** Whether 99 % of the calls of a window succeed; of very few, all but one. */
function isWell({ calls, failed }: Windows, at: number): boolean {
  return (failed[at] as number) <= Math.max(1, (calls[at] as number) / 100)
}

/** How long after an instant all is well, for a minute at least; `null` if it never is. */
export function recoveryMs(windows: Windows, fromMs: number): number | null {
  const first = Math.ceil(fromMs / windowMs)
  for (let at = first; at < windows.count; at++) {
    const end = Math.min(windows.count, at + lasting)
    let well = 0
    for (let each = at; each < end; each++) if (isWell(windows, each)) well++
    const minute = { fromMs: at * windowMs, toMs: end * windowMs }
    const isLasting =
      sumOf(windows, windows.failed, minute) <= sumOf(windows, windows.calls, minute) / 100
    if (isLasting && well === end - at) return at * windowMs - fromMs
  }
  return null
}

/** Jain's index, `(Σx)² / (n Σx²)`, of the ratios of those who have one. */
export function jainIndex(parts: ArrayLike<number>, wholes: ArrayLike<number>): number | null {
  let count = 0
  let sum = 0
  let squares = 0
  for (let each = 0; each < wholes.length; each++) {
    const whole = wholes[each] as number
    if (!whole) continue
    const ratio = (parts[each] as number) / whole
    count++
    sum += ratio
    squares += ratio * ratio
  }
  return squares ? rounded((sum * sum) / (count * squares)) : null
}

/** The figures to compare contenders by. */
export function stormMetrics(
  recorder: Recorder,
  { trigger, durationMs }: ResolvedScenario,
  spike: PhaseFigures,
  after: PhaseFigures,
): StormMetrics {
  const { windows, glitches, mendedGlitches } = recorder
  // Of a scenario that ends sooner, what came after it.
  const end = { fromMs: Math.max(trigger[1], durationMs - 600_000), toMs: durationMs }
  const bad = { name: '', fromMs: trigger[0], toMs: durationMs }
  return {
    attemptsPerCall: {
      spike: spike.attemptsPerCall,
      peakMinute: peakMinute(windows, bad),
      after: after.attemptsPerCall,
    },
    successRatio: {
      spike: spike.successRatio,
      after: after.successRatio,
      end: ratioOf(sumOf(windows, windows.succeeded, end), sumOf(windows, windows.calls, end)),
    },
    goodputRatio: spike.goodputRatio,
    wastedRatio: spike.wastedRatio,
    latencyMs: { spike: spike.latencyMs, after: after.latencyMs },
    recoveryMs: recoveryMs(windows, trigger[1]),
    successByPriority: spike.successByPriority,
    fairness: jainIndex(recorder.succeededOf, recorder.callsOf),
    glitches: { count: glitches, mendedRatio: ratioOf(mendedGlitches, glitches) },
    peakAttemptsPerSecond: rounded(
      windows.attempts.reduce((most, count) => Math.max(most, count), 0) / (windowMs / 1000),
    ),
  }
}
