import { notify, type Timer } from '@evenkeel/core'
import type { Settings } from '../settings.ts'
import { type RotationReason, replacement } from './age.ts'
import type { RotateRules } from './rotate.ts'

/** When the next connection is dialled, and why: the earliest of what was planned since the last one. */
export class Plan {
  reason: RotationReason = 'age'
  readonly #rules: RotateRules
  readonly #settings: Settings
  readonly #onDue: () => void
  #timer: Timer | undefined
  #dueAtMs = Infinity

  constructor(rules: RotateRules, settings: Settings, onDue: () => void) {
    this.#rules = rules
    this.#settings = settings
    this.#onDue = onDue
  }

  /** A connection has become ready: begins anew. */
  begin(): void {
    const { minUptimeMs, random } = this.#settings
    this.cancel()
    const { afterMs, reason } = replacement(
      this.#rules.maxAgeMs,
      this.#expiresInMs(),
      minUptimeMs,
      random,
    )
    this.add(afterMs, reason)
  }

  /** At some instant within this time, unless it is planned for an earlier one. */
  within(windowMs: number, reason: RotationReason): void {
    this.add(this.#settings.random() * windowMs, reason)
  }

  add(afterMs: number, reason: RotationReason): void {
    const { clock } = this.#settings
    const atMs = clock.now() + afterMs
    if (atMs >= this.#dueAtMs) return
    this.cancel()
    this.#dueAtMs = atMs
    this.reason = reason
    this.#timer = clock.scheduleAt(atMs, () => {
      this.#dueAtMs = Infinity
      this.#onDue()
    })
  }

  cancel(): void {
    this.#timer?.cancel()
    this.#dueAtMs = Infinity
  }

  /** How long the credentials hold, less the time that a dial may take. */
  #expiresInMs(): number {
    const { clock, connectTimeoutMs } = this.#settings
    let atMs = Infinity
    notify(() => {
      atMs = Number(this.#rules.expiresAt?.() ?? Infinity)
    }, undefined)
    return Number.isNaN(atMs) ? Infinity : atMs - clock.wallNow() - connectTimeoutMs
  }
}
