import type { Priority, Random } from '@evenkeel/core'
import type { CallOutcome, CircuitState } from '../src/index.ts'

/** The figures the model and the circuit are both made with. */
export const figures = {
  threshold: 4,
  ratio: 0.5,
  minCalls: 6,
  windowMs: 1000,
  slowMs: 500,
  slowRatio: 0.6,
  openMs: 100,
  maxOpenMs: 350,
  maxProbes: 2,
  probeLeaseMs: 300,
  rampMs: 200,
} as const

interface Ended {
  readonly atMs: number
  readonly failed: boolean
  readonly slow: boolean
}

/** One admitted call, as the model sees it. */
export interface ModelCall {
  readonly era: number
  readonly probe: { readonly endMs: number } | undefined
}

/** The rules of a circuit written down as simply as can be: every call is kept, nothing is counted along the way. */
export class ReferenceModel {
  state: CircuitState = 'closed'
  readonly #random: Random
  #era = 0
  #openings = 0
  #atMs = 0
  #hintedUntilMs = 0
  #probes: { readonly endMs: number }[] = []
  #ended: Ended[] = []

  constructor(random: Random) {
    this.#random = random
  }

  /** The call if it is admitted, else how long to stay away. */
  admit(priority: Priority, nowMs: number): ModelCall | number {
    if (this.state === 'isolated') return Infinity
    if (this.state === 'open' && nowMs < this.#atMs) return this.#atMs - nowMs
    if (this.state === 'open') this.#become('half-open', nowMs)
    if (this.state === 'half-open') {
      this.#probes = this.#probes.filter(({ endMs }) => endMs > nowMs)
      if (this.#probes.length === figures.maxProbes)
        return Math.min(Math.min(...this.#probes.map(({ endMs }) => endMs)) - nowMs, figures.openMs)
      const probe = { endMs: nowMs + figures.probeLeaseMs }
      this.#probes.push(probe)
      return { era: this.#era, probe }
    }
    const closedForMs = nowMs - this.#atMs
    if (this.#openings > 0 && closedForMs < figures.rampMs) {
      const chance = this.#random()
      const needed = { critical: chance / 2, important: chance, deferred: 0.5 + chance / 2 }[
        priority
      ]
      const share = 0.1 + 0.9 * (closedForMs / figures.rampMs)
      if (needed > share) return ((needed - share) / 0.9) * figures.rampMs
    }
    if (closedForMs >= figures.maxOpenMs) this.#openings = 0
    return { era: this.#era, probe: undefined }
  }

  settle(call: ModelCall, outcome: CallOutcome, durationMs: number, hintMs: number, nowMs: number) {
    if (call.era !== this.#era) return
    if (call.probe && !this.#probes.includes(call.probe)) return
    this.#probes = this.#probes.filter((probe) => probe !== call.probe)
    if (outcome === 'ignored') return
    const failed = outcome === 'failure'
    const slow = durationMs >= figures.slowMs
    if (failed) this.#hintedUntilMs = Math.max(this.#hintedUntilMs, nowMs + hintMs)
    if (call.probe) {
      if (failed || slow) this.#open(nowMs)
      else this.#become('closed', nowMs)
      return
    }
    this.#ended.push({ atMs: nowMs, failed, slow })
    if (this.#trips(nowMs, failed, slow)) this.#open(nowMs)
  }

  setByHand(state: 'closed' | 'isolated'): void {
    this.#become(state, 0)
    this.#openings = this.#hintedUntilMs = 0
  }

  #trips(nowMs: number, failed: boolean, slow: boolean): boolean {
    const last = this.#ended.slice(-figures.threshold)
    if (last.length === figures.threshold && last.every((each) => each.failed)) return true
    const tick = (ms: number) => Math.floor(ms / (figures.windowMs / 10))
    const recent = this.#ended.filter(({ atMs }) => tick(atMs) > tick(nowMs) - 10)
    if (recent.length < figures.minCalls) return false
    const part = (of: (each: Ended) => boolean) => recent.filter(of).length / recent.length
    return (
      (failed && part((each) => each.failed) >= figures.ratio) ||
      (slow && part((each) => each.slow) >= figures.slowRatio)
    )
  }

  #open(nowMs: number): void {
    const limitMs = Math.min(figures.openMs * 2 ** this.#openings, figures.maxOpenMs)
    this.#openings++
    const jitteredMs = limitMs * (0.8 + 0.4 * this.#random())
    this.#become('open', Math.max(nowMs + jitteredMs, this.#hintedUntilMs))
  }

  #become(state: CircuitState, atMs: number): void {
    this.state = state
    this.#atMs = atMs
    this.#era++
    this.#probes = []
    this.#ended = []
  }
}
