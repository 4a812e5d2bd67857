import { availableParallelism } from 'node:os'
import type { Clock } from '@evenkeel/core'
import { createLogUpdate } from 'log-update'
import { duration } from '../summary/format.ts'
import { colour, pad } from './colour.ts'
import type { FleetProgress } from './run-fleets.ts'

/** Shows how far a run is, until it is done. */
export interface ProgressView {
  update(progress: FleetProgress): void
  done(): void
}

/** Where progress is shown: a terminal, or what keeps lines. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

const barWidth = 30

/** Redraws a bar for each fleet in a terminal; elsewhere it writes a line for each quarter of its way. */
export function progressView(
  stream: ProgressStream,
  { runs, seeds }: { readonly runs: number; readonly seeds: number },
  clock: Pick<Clock, 'now'>,
): ProgressView {
  const ratios = new Map<string, number>()
  const startMs = clock.now()
  const draw = stream.isTTY ? createLogUpdate(stream as NodeJS.WriteStream) : undefined
  let drawnMs = -Infinity
  let arrived = 0
  return {
    update({ name, seed, ratio }) {
      const key = seeds > 1 ? `${name} (seed ${seed})` : name
      const isNew = !ratios.has(key)
      const hasArrived = ratio >= 1 && ratios.get(key) !== 1
      const quarter = Math.floor(4 * ratio)
      const isFurther = quarter > Math.floor(4 * (ratios.get(key) ?? 0))
      ratios.set(key, ratio)
      const nowMs = clock.now()
      if (hasArrived) arrived++
      if (!draw) {
        const how = hasArrived ? `simulated, ${arrived} of ${runs}` : `${quarter * 25} %`
        if (isFurther) stream.write(`${key}: ${how}, ${duration(nowMs - startMs)}\n`)
        return
      }
      if (!isNew && !hasArrived && nowMs - drawnMs < 100) return
      drawnMs = nowMs
      draw(bars(ratios, runs, nowMs - startMs))
    },
    done() {
      draw?.clear()
    },
  }
}

function bars(ratios: ReadonlyMap<string, number>, runs: number, passedMs: number): string {
  const running = [...ratios].filter(([, ratio]) => ratio < 1)
  const width = Math.max(10, ...running.map(([name]) => name.length))
  const lines = running
    .slice(0, 2 * availableParallelism())
    .map(
      ([name, ratio]) =>
        `${pad(name, width)} ${bar(ratio)} ${pad(`${Math.floor(ratio * 100)} %`, 5, 'left')}`,
    )
  const done = [...ratios.values()].reduce((sum, ratio) => sum + ratio, 0) / runs
  const leftMs = done > 0.03 ? (passedMs / done) * (1 - done) : null
  const left = leftMs === null ? '' : `, about ${duration(leftMs)} to go`
  return [...lines, colour.quiet(`${duration(passedMs)}${left}`)].join('\n')
}

function bar(ratio: number): string {
  const full = Math.round(ratio * barWidth)
  return colour.good('━'.repeat(full)) + colour.quiet('─'.repeat(barWidth - full))
}
