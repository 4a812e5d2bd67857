import { clockTime } from '../report/format.ts'
import { phaseTitles } from '../scenario/phase-titles.ts'
import type { Timeline } from '../scenario/timeline.ts'
import { colour } from './colour.ts'

/** Two lines: the phase and the time, and how far the run has got. */
export function phaseBar(timeline: Timeline, atMs: number, width: number): readonly string[] {
  const { name } = timeline.at(atMs)
  const clock = `${clockTime(atMs)} of ${clockTime(timeline.endMs)}`
  const load = `load ${timeline.loadAt(atMs).toFixed(1)}×`
  const title = `${colour.strong(phaseTitles[name])} ${colour.quiet(`· ${load} · ${clock}`)}`
  const done = Math.round((width * Math.min(atMs, timeline.endMs)) / timeline.endMs)
  let bar = ''
  for (let column = 0; column < width; column++) {
    const loaded = timeline.loadAt(((column + 0.5) * timeline.endMs) / width) > 1
    const mark = loaded ? '━' : '─'
    bar += column < done ? (loaded ? colour.fair(mark) : mark) : colour.quiet(mark)
  }
  return [title, bar]
}
