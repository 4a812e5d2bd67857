import type { Service } from '../backend/service.ts'
import { type RequestOutcome, requestOutcomes } from './request-outcome.ts'

const slots = 60
const slotMs = 60_000

/** What one service, or one kind of clients, did within the last hour. */
export interface HourCounts {
  readonly requests: number
  readonly ok: number
  readonly limited: number
  /** 5xx, cut, or given up. */
  readonly failed: number
  readonly retries: number
  /** Retries that came too early, or too often. */
  readonly violations: number
}

export interface HourStatus {
  /** How much of an hour there is, in ms. */
  readonly spanMs: number
  readonly all: HourCounts
  readonly services: Readonly<Partial<Record<Service, HourCounts>>>
  readonly kinds: Readonly<Record<string, HourCounts>>
  /** By minute, the oldest first: requests and retries. */
  readonly minutes: readonly { readonly requests: number; readonly retries: number }[]
}

/** A request that has ended. */
export interface HourRequest {
  readonly service: Service
  readonly kind: string
  readonly outcome: RequestOutcome
  readonly isRetry: boolean
  readonly isViolation: boolean
}

type Counts = { -readonly [Key in keyof HourCounts]: HourCounts[Key] }
interface Slot {
  readonly all: Counts
  readonly services: Map<Service, Counts>
  readonly kinds: Map<string, Counts>
}

const failures: ReadonlySet<RequestOutcome> = new Set(
  requestOutcomes.filter((outcome) => !['ok', 'invalid', 'limited'].includes(outcome)),
)

/** Counts by the minute, and forgets what is an hour old. */
export class LastHour {
  readonly #slots: (Slot | undefined)[] = []
  #minute = 0

  request(atMs: number, { service, kind, ...request }: HourRequest): void {
    this.#advance(atMs)
    const index = this.#minute % slots
    const slot = this.#slots[index] ?? newSlot()
    this.#slots[index] = slot
    for (const counts of [slot.all, of(slot.services, service), of(slot.kinds, kind)]) {
      counts.requests++
      if (request.outcome === 'ok') counts.ok++
      if (request.outcome === 'limited') counts.limited++
      if (failures.has(request.outcome)) counts.failed++
      if (request.isRetry) counts.retries++
      if (request.isViolation) counts.violations++
    }
  }

  /** Adds up what is left of the last hour. */
  status(atMs: number): HourStatus {
    this.#advance(atMs)
    const all = newCounts()
    const services = new Map<Service, Counts>()
    const kinds = new Map<string, Counts>()
    const known = Math.min(slots, this.#minute + 1)
    const minutes = Array.from({ length: known }, (_, age) => {
      const slot = this.#slots[(this.#minute - known + 1 + age) % slots]
      if (!slot) return { requests: 0, retries: 0 }
      add(all, slot.all)
      for (const [name, counts] of slot.services) add(of(services, name), counts)
      for (const [name, counts] of slot.kinds) add(of(kinds, name), counts)
      return { requests: slot.all.requests, retries: slot.all.retries }
    })
    return {
      spanMs: (known - 1) * slotMs + (atMs % slotMs),
      all,
      services: Object.fromEntries(services),
      kinds: Object.fromEntries(kinds),
      minutes,
    }
  }

  #advance(atMs: number): void {
    const minute = Math.floor(atMs / slotMs)
    const last = Math.min(minute, this.#minute + slots)
    for (let passed = this.#minute + 1; passed <= last; passed++) {
      this.#slots[passed % slots] = undefined
    }
    this.#minute = Math.max(this.#minute, minute)
  }
}

function newCounts(): Counts {
  return { requests: 0, ok: 0, limited: 0, failed: 0, retries: 0, violations: 0 }
}

function newSlot(): Slot {
  return { all: newCounts(), services: new Map(), kinds: new Map() }
}

function of<Name>(map: Map<Name, Counts>, name: Name): Counts {
  const counts = map.get(name) ?? newCounts()
  map.set(name, counts)
  return counts
}

function add(to: Counts, counts: Counts): void {
  for (const name of Object.keys(counts) as (keyof Counts)[]) to[name] += counts[name]
}
