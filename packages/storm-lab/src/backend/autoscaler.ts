import type { Kernel } from '../kernel/kernel.ts'
import type { Station } from './station.ts'

/** How a service grows with its load. Sizes are relative to its size at the start. */
export interface AutoscalerOptions {
  /** The part of the workers that should be busy. @defaultValue 0.7 */
  readonly targetRatio?: number | undefined
  /** It also grows by a quarter while more than this part of its queue is taken. @defaultValue 0.1 */
  readonly queueRatio?: number | undefined
  /** @defaultValue 15_000, Kubernetes' */
  readonly everyMs?: number | undefined
  /** How long until what was asked for serves. @defaultValue 90_000 */
  readonly startUpMs?: number | undefined
  /** @defaultValue 4 */
  readonly maxSize?: number | undefined
}

/** Grows a station: Kubernetes' rule, `size × load / target`, late by its start-up time. It does not shrink within a scenario. */
export function autoscale(
  kernel: Kernel,
  station: Station,
  {
    targetRatio = 0.7,
    queueRatio = 0.1,
    everyMs = 15_000,
    startUpMs = 90_000,
    maxSize = 4,
  }: AutoscalerOptions,
): void {
  let asked = 1
  const started = kernel.on((thousandths) => {
    const size = thousandths / 1000
    if (size > station.size) station.configure({}, size)
  })
  const evaluate = kernel.on(() => {
    const { queue = Infinity } = station.options
    const byLoad = (station.size * station.busy) / station.workers / targetRatio
    const isLong = station.queued > queueRatio * queue * station.parts
    const wanted = Math.min(maxSize, Math.max(byLoad, isLong ? asked * 1.25 : 0))
    if (wanted > asked) {
      asked = wanted
      kernel.at(kernel.nowMs + startUpMs, started, Math.round(wanted * 1000))
    }
    kernel.at(kernel.nowMs + everyMs, evaluate, 0)
  })
  kernel.at(everyMs, evaluate, 0)
}
