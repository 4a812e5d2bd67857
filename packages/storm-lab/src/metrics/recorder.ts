import { isSuccess } from '../backend/answers.ts'
import type { CallTable } from '../fleet/call-table.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { add, Windows } from './windows.ts'

/** What a recorder is told at the start. */
export interface RecorderOptions {
  readonly durationMs: number
  readonly clients: number
  readonly priorities: number
  readonly cohorts: number
  /** Until when a failed first attempt is a lone glitch. */
  readonly calmUntilMs: number
  /** The spike: for it, calls are counted by client too. */
  readonly peak: readonly [fromMs: number, toMs: number]
}

/** Counts what happens to calls and attempts. */
export class Recorder {
  readonly windows: Windows
  /** Calls and successes of each client in the spike. */
  readonly callsOf: Uint16Array
  readonly succeededOf: Uint16Array
  glitches = 0
  mendedGlitches = 0
  readonly #kernel: Kernel
  readonly #options: RecorderOptions

  constructor(kernel: Kernel, options: RecorderOptions) {
    const { durationMs, clients, priorities, cohorts } = options
    this.#kernel = kernel
    this.#options = options
    this.windows = new Windows(durationMs, priorities, cohorts)
    this.callsOf = new Uint16Array(clients)
    this.succeededOf = new Uint16Array(clients)
  }

  callStarted(client: number, cohort: number, priority: number): void {
    const { windows } = this
    const { nowMs } = this.#kernel
    const at = windows.at(nowMs)
    add(windows.calls, at)
    add(windows.callsByPriority[priority], at)
    add(windows.callsByCohort[cohort], at)
    const [fromMs, toMs] = this.#options.peak
    if (nowMs >= fromMs && nowMs < toMs) this.callsOf[client] = (this.callsOf[client] as number) + 1
  }

  callEnded(calls: CallTable, call: number, tookMs: number, isOk: boolean): void {
    const { windows } = this
    const startMs = calls.startMs[call] as number
    const at = windows.at(startMs)
    if (isOk) {
      add(windows.succeeded, at)
      add(windows.succeededByPriority[calls.priority[call] as number], at)
      add(windows.succeededByCohort[calls.cohort[call] as number], at)
      windows.latency[at]?.add(tookMs)
      const client = calls.client[call] as number
      const [fromMs, toMs] = this.#options.peak
      if (startMs >= fromMs && startMs < toMs)
        this.succeededOf[client] = (this.succeededOf[client] as number) + 1
    } else {
      add(windows.failed, at)
      if (!calls.attempts[call]) add(windows.unsent, at)
    }
    if (calls.isGlitch[call]) {
      this.glitches++
      if (isOk) this.mendedGlitches++
    }
  }

  attemptSent(cohort: number): void {
    const { windows } = this
    const at = windows.at(this.#kernel.nowMs)
    add(windows.attempts, at)
    add(windows.attemptsByCohort[cohort], at)
  }

  /** An attempt has ended, with an answer or without. */
  attemptEnded(calls: CallTable, call: number, status: number): void {
    const { windows } = this
    const { nowMs } = this.#kernel
    const isOk = isSuccess(status)
    if (!isOk) add(windows.rejected, windows.at(nowMs))
    else if (!calls.isForgotten[call]) add(windows.served, windows.at(nowMs))
    if (!isOk && calls.attempts[call] === 1 && nowMs < this.#options.calmUntilMs)
      calls.isGlitch[call] = 1
  }

  /** A backend has worked so long, for somebody or for nobody. */
  worked(workMs: number, isUseful: boolean): void {
    const { windows } = this
    const column = isUseful ? windows.usefulMs : windows.wastedMs
    add(column, windows.at(this.#kernel.nowMs), workMs)
  }

  /** How the backends stand at this moment, the end of a window. */
  sample(queued: number, busy: number, level: number): void {
    const at = this.windows.at(this.#kernel.nowMs - 1)
    this.windows.queued[at] = queued
    this.windows.busy[at] = busy
    this.windows.level[at] = level
  }
}
