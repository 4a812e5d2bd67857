import process from 'node:process'
import { createLogUpdate } from 'log-update'
import type { Timeline } from '../scenario/timeline.ts'
import { type LiveSource, liveView } from './live-view.ts'
import { logLine } from './log-line.ts'
import { historyWidth, panel } from './panel.ts'

/** Shows how a run goes, until it is done. */
export interface Progress {
  update(atMs: number, worlds: readonly LiveSource[]): void
  done(): void
}

const logEveryMs = 5_000

/** Redraws a panel in place in a terminal that has room for it; elsewhere it logs a line every 5 s. */
export function createProgress(timeline: Timeline, queueDepth: number): Progress {
  const { stdout } = process
  const options = { columns: historyWidth, spanMs: timeline.endMs }
  const views = (worlds: readonly LiveSource[]) => worlds.map((world) => liveView(world, options))
  if (stdout.isTTY && stdout.columns >= 80) {
    const draw = createLogUpdate(stdout)
    return {
      update: (atMs, worlds) => draw(panel(timeline, atMs, queueDepth, views(worlds))),
      done: () => draw.clear(),
    }
  }
  let loggedMs = performance.now()
  return {
    update(atMs, worlds) {
      if (performance.now() - loggedMs < logEveryMs) return
      loggedMs = performance.now()
      console.log(logLine(timeline, atMs, views(worlds)))
    },
    done() {},
  }
}
