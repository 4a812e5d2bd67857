import { admittedRatio, type FleetHint, formatFleetHint } from '@evenkeel/rate-limit/fleet-hint'
import { type FleetController, fleetController } from '@evenkeel/rate-limit/fleet-hint-server'
import type { Priority } from '../backend/job.ts'
import type { Scheduled, Scheduler } from '../backend/scheduler.ts'
import type { ApiRequest } from '../stage.ts'
import type { FleetHintOptions, FleetHintPatch } from './fleet-hint-options.ts'

/** What the level depends on. */
export interface HintSources {
  /** What the services do in a second at their best. */
  readonly capacityPerSecond: () => number
  /** How many are there that the services can't work on at their best. */
  readonly waiting: () => number
  /** Whether a request is work for them at all. */
  readonly isWork: (request: ApiRequest) => boolean
  /** Within which time all sockets can come back; `undefined` where nothing limits them. */
  readonly reconnectWindowMs: () => number | undefined
}

export interface FleetHintStatus {
  readonly enabled: boolean
  /** From 0 to 3; 3 while nothing is published. */
  readonly level: number
  readonly admitted: Readonly<Record<Priority, number>>
  /** As it is published, if it is. */
  readonly field: string | undefined
  readonly capacityPerSecond: number
}

/** Told of every new level: its field, and whether it should go out at once. */
export type HintPublished = (field: string | undefined, isNews: boolean) => void

/** A level that moves by less waits for its turn. */
const newsStep = 0.1

/**
 * Finds the level at which the services are at their best, and publishes it. Requests are counted as they come, but a reply
 * says what holds when it goes: one that has waited for half a minute must not bring a level of that age.
 */
export class FleetHints {
  readonly #scheduler: Scheduler
  readonly #sources: HintSources
  readonly #published: HintPublished
  #options: FleetHintOptions
  #controller: FleetController | undefined
  #hint: FleetHint = { level: 3 }
  #field: string | undefined
  #tick: Scheduled | undefined
  #told = { level: 3, atMs: 0 }

  constructor(
    scheduler: Scheduler,
    options: FleetHintOptions,
    sources: HintSources,
    published: HintPublished,
  ) {
    this.#scheduler = scheduler
    this.#options = options
    this.#sources = sources
    this.#published = published
    this.configure({})
  }

  get options(): FleetHintOptions {
    return this.#options
  }

  /** `Fleet-Hint`, as it holds now. */
  get field(): string | undefined {
    return this.#field
  }

  get status(): FleetHintStatus {
    const { level } = this.#hint
    return {
      enabled: this.#options.enabled,
      level,
      admitted: {
        critical: admittedRatio(level, 'critical'),
        important: admittedRatio(level, 'important'),
        deferred: admittedRatio(level, 'deferred'),
      },
      field: this.#field,
      capacityPerSecond: this.#capacity,
    }
  }

  /** Changes options, and begins anew to learn what is demanded. */
  configure(patch: FleetHintPatch): void {
    this.#options = { ...this.#options, ...patch }
    this.#tick?.cancel()
    this.#controller = undefined
    if (this.#options.enabled) this.#look()
    else this.#set({ level: 3 }, undefined)
  }

  /** Counts what has come; a retry is no demand of its own. */
  count(request: ApiRequest): void {
    if (request.attempt > 1 || !this.#sources.isWork(request)) return
    this.#controller?.count(request.priority, request.level)
  }

  close(): void {
    this.#tick?.cancel()
  }

  get #capacity(): number {
    return Math.min(this.#options.capacityPerSecond, this.#sources.capacityPerSecond())
  }

  #look(): void {
    const { periodMs, ttlMs, level } = this.#options
    this.#controller ??= this.#newController()
    const found = this.#controller.hint(this.#sources.waiting())
    const isOverridden = level !== Number.POSITIVE_INFINITY
    const hint: FleetHint = {
      ...(isOverridden ? { level, retryRatio: level < 3 ? 0 : 1 } : found),
      ttlMs,
      reconnectWindowMs: this.#sources.reconnectWindowMs(),
    }
    this.#set(hint, formatFleetHint(hint))
    this.#tick = this.#scheduler.schedule(() => this.#look(), periodMs)
  }

  #newController(): FleetController {
    const { targetRatio, drainRatio, periodMs, ttlMs, timeScale } = this.#options
    return fleetController({
      capacityPerSecond: () => this.#capacity / timeScale,
      targetRatio,
      drainRatio,
      ttlMs,
      // It is asked once a period, and a sum of periods may be a rounding error short of one.
      periodMs: Math.max(1, (periodMs * timeScale) / 2),
      clock: { now: () => this.#scheduler.now() * timeScale, wallNow: () => Date.now() },
    })
  }

  #set(hint: FleetHint, field: string | undefined): void {
    const nowMs = this.#scheduler.now()
    const { level, atMs } = this.#told
    const isNews =
      Math.abs(hint.level - level) >= newsStep ||
      (hint.level === 3) !== (level === 3) ||
      (hint.level < 3 && nowMs - atMs >= this.#options.ttlMs / 3)
    this.#hint = hint
    this.#field = field
    if (isNews) this.#told = { level: hint.level, atMs: nowMs }
    this.#published(field, isNews)
  }
}
