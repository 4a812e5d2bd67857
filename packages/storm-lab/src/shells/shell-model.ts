import type { Priority, Random } from '@evenkeel/core'
import { noAnswer } from '../backend/answers.ts'
import type { ClientModel } from '../fleet/client-model.ts'
import type { Fleet } from '../fleet/fleet.ts'
import { priorities } from '../scenario/priorities.ts'
import { type AnswerMaker, answerMaker } from './answer.ts'
import { CallUrls } from './call-urls.ts'
import type { ClientCall, ClientPlatform, Connect } from './connect.ts'
import { PendingFetch } from './pending-fetch.ts'
import { PendingFetches } from './pending-fetches.ts'
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
  readonly #urls: CallUrls
  readonly #pending: PendingFetches
  readonly #answer: AnswerMaker = answerMaker()
  /** What each client is given. */
  readonly #platform: ClientPlatform

  constructor(world: ShellWorld, connect: Connect) {
    const { fleet, clock, random } = world
    this.#world = world
    this.#connect = connect
    this.#urls = new CallUrls(fleet.calls)
    this.#pending = new PendingFetches(fleet.attempts, fleet.calls)
    const fetch = (input: unknown, init?: RequestInit): Promise<Response> =>
      this.#fetch(String((input as Request).url ?? input), init?.signal ?? undefined)
    this.#platform = { fetch: fetch as typeof globalThis.fetch, clock, random }
  }

  start(call: number): void {
    const { fleet, touched } = this.#world
    const { client, priority, isRead, isIdempotent } = fleet.calls
    const wanted: ClientCall = {
      url: this.#urls.of(call),
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
    this.#pending.take(attempt)?.settle(status, retryAfterMs, this.#answer)
  }

  /** Limits are the shells' own. */
  timedOut(): void {}

  /** As are waits. */
  resumed(): void {}

  forget(client: number): void {
    delete this.#clients[client]
  }

  #clientOf(client: number): ReturnType<Connect> {
    this.#clients[client] ??= this.#connect(this.#platform)
    return this.#clients[client]
  }

  #end(call: number, status: number): void {
    const { fleet } = this.#world
    for (let each = this.#pending.takeAll(call); each; each = each.next) fleet.abandon(each.attempt)
    fleet.end(call, status)
  }

  #fetch(url: string, signal: AbortSignal | undefined): Promise<Response> {
    const call = this.#urls.callOf(url)
    if (signal?.aborted || call < 0)
      return Promise.reject(signal?.reason ?? new DOMException('The call is over', 'AbortError'))
    return new Promise((resolve, reject) => {
      const attempt = this.#world.fleet.send(call, Infinity)
      this.#pending.add(new PendingFetch(call, attempt, resolve, reject, signal, this.#abandon))
    })
  }

  readonly #abandon = ({ attempt }: PendingFetch): void => {
    this.#pending.take(attempt)
    this.#world.fleet.abandon(attempt)
  }
}
