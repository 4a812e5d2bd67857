import { setTimeout as sleep } from 'node:timers/promises'
import { fixedIds } from '@evenkeel/mock-discord'
import type { Dispatcher } from 'undici'
import type { PlannedCall } from '../scenario/call-plan.ts'
import type { Client } from '../scenario/population.ts'
import { scaledClock } from '../scenario/scaled-clock.ts'
import type { App, AppCall, World } from '../worlds/world.ts'
import type { CallRecord } from './call-record.ts'
import { countedFetch, outOfPatience } from './counted-fetch.ts'
import { emptyTally, type Tally } from './tally.ts'

export interface FleetOptions {
  readonly world: World
  readonly clients: readonly Client[]
  readonly calls: readonly PlannedCall[]
  readonly apiUrl: string
  readonly dispatcher: Dispatcher
  readonly timeScale: number
  readonly patienceMs: number
  readonly requestTimeoutMs: number
  /** Milliseconds of the scenario since its start; negative before. */
  readonly now: () => number
}

/** The users of one world: each has an app of its own, all make the planned calls at their instants. */
export class Fleet {
  readonly tally: Tally = emptyTally()
  readonly records: CallRecord[] = []
  /** When each attempt was sent, in ms of the scenario. */
  readonly sentAtMs: number[] = []
  readonly #underWay = new Set<CallRecord>()
  readonly #options: FleetOptions
  readonly #apps: readonly App[]

  constructor(options: FleetOptions) {
    const { world, clients, dispatcher, timeScale, requestTimeoutMs, now } = options
    this.#options = options
    const fetch = countedFetch(dispatcher, this.tally, () => this.sentAtMs.push(Math.round(now())))
    const parts = {
      fetch,
      timeScale,
      clock: scaledClock(timeScale),
      requestTimeoutMs: requestTimeoutMs / timeScale,
    }
    this.#apps = clients.map(() => world.createApp(parts))
  }

  /** Counts the calls that are under way for longer than `ms` of the scenario. */
  waitingFor(ms: number): number {
    const latestMs = this.#options.now() - ms
    let waiting = 0
    for (const { atMs } of this.#underWay) if (atMs < latestMs) waiting++
    return waiting
  }

  /** Makes every call at its instant; a late machine makes those that are due at once. */
  async run(): Promise<void> {
    const { calls, timeScale, now } = this.#options
    for (const call of calls) {
      const waitMs = (call.atMs - now()) / timeScale
      if (waitMs > 0) await sleep(waitMs)
      void this.#make(call)
    }
  }

  async #make(call: PlannedCall): Promise<void> {
    const { timeScale, patienceMs, now } = this.#options
    const startMs = now()
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(outOfPatience), patienceMs / timeScale)
    const record = {
      atMs: Math.round(call.atMs),
      durationMs: undefined as number | undefined,
      attempts: 0,
      ok: false,
    }
    this.records.push(record)
    this.#underWay.add(record)
    this.tally.begun++
    try {
      const app = this.#apps[call.client] as App
      const response = await app(this.#appCall(call, patience.signal, () => record.attempts++))
      await response.arrayBuffer()
      record.ok = response.ok
    } catch {
      // How attempts fail is counted where they are sent; the user only sees that the call did.
    } finally {
      clearTimeout(timer)
    }
    this.#underWay.delete(record)
    this.tally[record.ok ? 'succeeded' : 'failed']++
    record.durationMs = Math.round(now() - startMs)
  }

  #appCall(call: PlannedCall, patience: AbortSignal, onAttempt: () => void): AppCall {
    const { clients, apiUrl } = this.#options
    const { id, channel } = clients[call.client] as Client
    const channelId = BigInt(fixedIds.firstChannel) + BigInt(channel)
    const url = `${apiUrl}/v10/channels/${channelId}/messages`
    const headers = {
      authorization: `Bot ${id}`,
      'x-client-id': id,
      // Each user has an address, for the limits that go by it.
      'x-forwarded-for': id,
    }
    return call.kind === 'read'
      ? { url: `${url}?limit=5`, init: { method: 'GET', headers }, patience, onAttempt }
      : {
          url,
          init: {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: '{"content":"gg"}',
          },
          patience,
          onAttempt,
        }
  }
}
