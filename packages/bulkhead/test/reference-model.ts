import type { Priority } from '@evenkeel/core'

/** The figures the model and the compartment are both made with. */
export const figures = { limit: 3, agingMs: 400, slowStart: true } as const

const ranks: readonly Priority[] = ['critical', 'important', 'deferred']

/** One call, as the model sees it. */
export interface ModelCall {
  readonly id: number
  readonly priority: Priority
  readonly atMs: number
  readonly giveUpAtMs: number
}

/** What the model says of a call for which there is no room. */
export interface ModelVerdict {
  readonly refused: boolean
  readonly waitMs: number | undefined
  readonly shed: number | undefined
}

/** The rules of a compartment written down as simply as can be: lists that are searched and sorted at every turn. */
export class ReferenceModel {
  running = 0
  waiting: ModelCall[] = []
  places: number = figures.limit
  readonly #maxQueued: number
  #failures = 0
  #passedOver = 0
  #sinceMs: number | undefined
  #gaps: { readonly ms: number; readonly weight: number }[] = []

  constructor(maxQueued: number) {
    this.#maxQueued = maxQueued
  }

  /** `'started'`, or what becomes of it instead. */
  offer(call: ModelCall): 'started' | ModelVerdict {
    if (this.running < this.places && this.waiting.length === 0) {
      this.running++
      return 'started'
    }
    this.#sinceMs ??= call.atMs
    const waitMs = this.waitMs(call.priority, call.atMs)
    const isLate = call.atMs + (waitMs ?? 0) >= call.giveUpAtMs
    const isFull = this.waiting.length === this.#maxQueued
    const least = this.#byImportance().at(-1)
    const loser = isFull && least && this.#rank(least) > this.#rank(call) ? least : undefined
    if (isLate || (isFull && !loser)) return { refused: true, waitMs, shed: undefined }
    this.waiting = [...this.waiting.filter((each) => each !== loser), call]
    return { refused: false, waitMs, shed: loser?.id }
  }

  /** Takes a call out of the queue. */
  leave(id: number): void {
    this.waiting = this.waiting.filter((each) => each.id !== id)
  }

  /** Ends a call; returns those that start instead, in order. */
  end(outcome: 'answered' | 'failed' | 'ignored', nowMs: number): number[] {
    if (this.#sinceMs !== undefined) this.#count(nowMs - this.#sinceMs)
    this.#sinceMs = this.waiting.length > 0 ? nowMs : undefined
    if (outcome === 'answered') {
      this.#failures = 0
      this.places = Math.min(this.places + 1, figures.limit)
    }
    if (outcome === 'failed' && ++this.#failures >= this.places && this.places > 1) {
      this.#failures = 0
      this.places = 1
    }
    this.running--
    const started: number[] = []
    while (this.running < this.places && this.waiting.length > 0) {
      const { id } = this.#turn(nowMs)
      this.leave(id)
      this.running++
      started.push(id)
    }
    if (started.length > 0 && this.waiting.length === 0) this.#sinceMs = undefined
    return started
  }

  waitMs(priority: Priority, nowMs: number): number | undefined {
    if (this.#gaps.length === 0) return undefined
    const ahead = this.waiting.filter((each) => this.#rank(each) <= ranks.indexOf(priority))
    const sum = (of: (gap: { ms: number; weight: number }) => number) =>
      this.#gaps.reduce((total, gap) => total + of(gap), 0)
    const stalledMs = this.#sinceMs === undefined ? 0 : nowMs - this.#sinceMs
    const busyMs = sum(({ ms, weight }) => ms * weight) + stalledMs
    return ((ahead.length + 1) * busyMs) / sum(({ weight }) => weight)
  }

  #turn(nowMs: number): ModelCall {
    const first = this.#byImportance()[0] as ModelCall
    const oldestMs = Math.min(...this.waiting.map(({ atMs }) => atMs))
    if (first.atMs === oldestMs || nowMs - oldestMs < figures.agingMs) return first
    this.#passedOver++
    if (this.#passedOver < 10) return first
    this.#passedOver = 0
    return this.#byImportance().find(({ atMs }) => atMs === oldestMs) as ModelCall
  }

  #count(ms: number): void {
    this.#gaps.push({ ms, weight: 1 })
    const total = this.#gaps.reduce((sum, { weight }) => sum + weight, 0)
    if (total >= 64) this.#gaps = this.#gaps.map((gap) => ({ ...gap, weight: gap.weight / 2 }))
  }

  /** Who waits, in the order of their turn but for aging. */
  #byImportance(): ModelCall[] {
    return [...this.waiting].sort((a, b) => this.#rank(a) - this.#rank(b))
  }

  #rank({ priority }: ModelCall): number {
    return ranks.indexOf(priority)
  }
}
