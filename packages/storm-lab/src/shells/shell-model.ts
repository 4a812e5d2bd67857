import type { Priority, Random } from '@evenkeel/core'
import { noAnswer } from '../backend/answers.ts'
import type { ClientModel } from '../fleet/client-model.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { priorities } from '../scenario/priorities.ts'
import type { ClientCall, Connect } from './connect.ts'
import { PendingFetch } from './pending-fetch.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** What shells are part of. */
export interface ShellWorld {
  readonly fleet: Fleet
  readonly clock: VirtualClock
  readonly random: Random
  /** Promises have something to do. */
  touched(): void
}

/** Clients that are whole: the async code of a library, on virtual time. */
export class ShellModel implements ClientModel {
  readonly outlivesPatience = true
  readonly #world: ShellWorld
  readonly #connect: Connect
  readonly #clients: ReturnType<Connect>[] = []
  /** By attempt, who waits for its answer. */
  readonly #pending = new Map<number, PendingFetch>()
  /** By call, its attempts under way. */
  readonly #open = new Map<number, number[]>()

  constructor(world: ShellWorld, connect: Connect) {
    this.#world = world
    this.#connect = connect
  }

  start(call: number): void {
    const { fleet, touched } = this.#world
    const { client, stamp, priority, isRead, isIdempotent } = fleet.calls
    const wanted: ClientCall = {
      url: `https://api.example.com/${call}/${stamp[call]}`,
      method: isRead[call] ? 'GET' : 'POST',
      priority: priorities[priority[call] as number] as Priority,
      idempotent: isIdempotent[call] === 1,
    }
    touched()
    this.#clientOf(client[call] as number)(wanted).then(
      ({ status }) => this.#end(call, status),
      () => this.#end(call, noAnswer.lost),
    )
  }

  answered(_call: number, status: number, retryAfterMs: number, attempt: number): void {
    this.#world.touched()
    this.#taken(attempt)?.settle(status, retryAfterMs)
  }

  /** Limits are the shells' own. */
  timedOut(): void {}

  /** As are waits. */
  resumed(): void {}

  forget(client: number): void {
    delete this.#clients[client]
  }

  #clientOf(client: number): ReturnType<Connect> {
    const { clock, random } = this.#world
    const fetch = (input: unknown, init?: RequestInit): Promise<Response> =>
      this.#fetch(String((input as Request).url ?? input), init?.signal ?? undefined)
    this.#clients[client] ??= this.#connect({
      fetch: fetch as typeof globalThis.fetch,
      clock,
      random,
    })
    return this.#clients[client]
  }

  #end(call: number, status: number): void {
    const { fleet } = this.#world
    for (const attempt of this.#open.get(call) ?? []) {
      this.#pending.delete(attempt)
      fleet.abandon(attempt)
    }
    this.#open.delete(call)
    fleet.end(call, status)
  }

  #fetch(url: string, signal: AbortSignal | undefined): Promise<Response> {
    const { fleet } = this.#world
    const end = url.lastIndexOf('/')
    const call = Number(url.slice(url.lastIndexOf('/', end - 1) + 1, end))
    const stamp = Number(url.slice(end + 1))
    if (signal?.aborted || fleet.calls.stamp[call] !== stamp)
      return Promise.reject(signal?.reason ?? new DOMException('The call is over', 'AbortError'))
    return new Promise((resolve, reject) => {
      const attempt = fleet.send(call, Infinity)
      const pending = new PendingFetch(call, resolve, reject, signal, () => {
        this.#taken(attempt)
        fleet.abandon(attempt)
      })
      this.#pending.set(attempt, pending)
      const open = this.#open.get(call)
      if (open) open.push(attempt)
      else this.#open.set(call, [attempt])
    })
  }

  /** Takes who waits for an attempt, if anybody does. */
  #taken(attempt: number): PendingFetch | undefined {
    const pending = this.#pending.get(attempt)
    if (!pending) return undefined
    this.#pending.delete(attempt)
    const open = this.#open.get(pending.call) as number[]
    open.splice(open.indexOf(attempt), 1)
    return pending
  }
}
