import type { Scheduled, Scheduler } from '../backend/scheduler.ts'
import type { Random } from '../backend/seeded-random.ts'
import type { OutgoingReply } from '../machinery.ts'
import type { ApiReply, ApiRequest } from '../stage.ts'
import { wait } from '../wait.ts'
import type { Fault, When } from './fault.ts'
import { faultReply } from './fault-reply.ts'
import { type FaultRule, isMatch } from './fault-rule.ts'

/** A rule in force. */
export interface ActiveFault extends FaultRule {
  readonly id: number
  readonly hits: number
}

interface Active {
  readonly id: number
  readonly rule: FaultRule
  readonly when: When
  hits: number
  expiry: Scheduled | undefined
}

/** Makes requests fail on demand: rules are tried in the order they were added. */
export class Faults {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #active = new Map<number, Active>()
  #added = 0

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler
    this.#random = random
  }

  get active(): ActiveFault[] {
    return [...this.#active.values()].map(({ id, rule, hits }) => ({ id, hits, ...rule }))
  }

  /** Adds a rule and gives its id. */
  add(rule: FaultRule): number {
    const id = ++this.#added
    const expiry =
      rule.forMs === undefined
        ? undefined
        : this.#scheduler.schedule(() => this.#active.delete(id), rule.forMs)
    this.#active.set(id, { id, rule, when: whenOf(rule.fault), hits: 0, expiry })
    return id
  }

  /** Takes a rule back; tells whether there was one. */
  remove(id: number): boolean {
    this.#active.get(id)?.expiry?.cancel()
    return this.#active.delete(id)
  }

  clear(): void {
    for (const id of this.#active.keys()) this.remove(id)
  }

  /** What happens instead of the work. */
  before = (
    request: ApiRequest,
  ): ApiReply | 'drop' | undefined | Promise<ApiReply | 'drop' | undefined> =>
    this.#active.size === 0 ? undefined : this.#before(request)

  /** What happens to the reply once the work is done. */
  after = (
    request: ApiRequest,
    reply: OutgoingReply,
  ): OutgoingReply | 'drop' | Promise<OutgoingReply | 'drop'> =>
    this.#active.size === 0 ? reply : this.#after(request, reply)

  async #before(request: ApiRequest): Promise<ApiReply | 'drop' | undefined> {
    for (const { fault } of this.#hits(request, 'before')) {
      switch (fault.kind) {
        case 'status':
        case 'rate-limit':
        case 'cloudflare':
          return faultReply(fault)
        case 'latency':
          await this.#delay(fault, request)
          break
        case 'hang':
          await untilGone(request)
          return 'drop'
        case 'drop':
          return 'drop'
      }
    }
    return undefined
  }

  async #after(request: ApiRequest, reply: OutgoingReply): Promise<OutgoingReply | 'drop'> {
    let changed = reply
    for (const { fault } of this.#hits(request, 'after')) {
      switch (fault.kind) {
        case 'latency':
          await this.#delay(fault, request)
          break
        case 'hang':
          await untilGone(request)
          return 'drop'
        case 'drop':
          return 'drop'
        case 'drip':
          changed = {
            ...changed,
            drip: { chunkBytes: fault.chunkBytes, intervalMs: fault.intervalMs },
          }
          break
        case 'truncate':
          changed = { ...changed, keepBytes: fault.keepBytes }
          break
      }
    }
    return changed
  }

  /** Yields the rules that hit, one at a time: a rule after the one that ends the request is not spent. */
  *#hits(request: ApiRequest, when: When): Generator<FaultRule> {
    for (const active of [...this.#active.values()]) {
      const { id, rule } = active
      const { match = {}, share = 1, count = Number.POSITIVE_INFINITY } = rule
      if (active.when !== when || !this.#active.has(id) || !isMatch(match, request)) continue
      if (share < 1 && this.#random() >= share) continue
      if (++active.hits >= count) this.remove(id)
      yield rule
    }
  }

  #delay(
    { delayMs, jitterMs = 0 }: Extract<Fault, { kind: 'latency' }>,
    { gone }: ApiRequest,
  ): Promise<void> {
    return wait(this.#scheduler, delayMs + this.#random() * jitterMs, gone)
  }
}

function whenOf(fault: Fault): When {
  if (fault.kind === 'drip' || fault.kind === 'truncate') return 'after'
  return ('when' in fault && fault.when) || 'before'
}

function untilGone({ gone }: ApiRequest): Promise<void> {
  return new Promise((resolve) => {
    if (gone.aborted) resolve()
    else gone.addEventListener('abort', () => resolve(), { once: true })
  })
}
