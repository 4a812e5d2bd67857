import { manualClock } from '@evenkeel/core/testing'
import {
  type OutboxStore,
  type PageChannel,
  type PageLocks,
  type PageTurn,
  pageTurn,
} from '../src/index.ts'
import { memoryStore } from '../src/memory.ts'
import { type WorldOptions, world } from './world.ts'

interface Waiting {
  readonly page: object
  grant(): void
  lose(error: Error): void
}

/** Locks of an origin, in the order in which they are asked for. */
export class FakeLocks {
  readonly #queues = new Map<string, Waiting[]>()

  /** Locks held or waited for. */
  get size(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0)
  }

  of(page: object): PageLocks {
    return {
      request: (name, { signal }, callback) =>
        new Promise<void>((resolve, reject) => {
          const queue = this.#queues.get(name) ?? []
          this.#queues.set(name, queue)
          let isHeld = false
          const waiting: Waiting = {
            page,
            grant: async () => {
              isHeld = true
              await callback()
              this.#leave(queue, waiting)
              resolve()
            },
            lose: (error) => {
              this.#leave(queue, waiting)
              reject(error)
            },
          }
          signal.addEventListener('abort', () => {
            if (isHeld) return
            this.#leave(queue, waiting)
            reject(signal.reason)
          })
          queue.push(waiting)
          if (queue.length === 1) queueMicrotask(() => queue[0] === waiting && waiting.grant())
        }),
    }
  }

  /** A page is gone, with all it held. */
  drop(page: object): void {
    for (const queue of this.#queues.values())
      for (const waiting of queue.filter((each) => each.page === page)) this.#leave(queue, waiting)
  }

  /** A page loses what it holds, but is still there, as after the back/forward cache. */
  take(page: object): void {
    for (const queue of this.#queues.values())
      for (const waiting of queue.filter((each) => each.page === page))
        waiting.lose(new DOMException('lost', 'AbortError'))
  }

  #leave(queue: Waiting[], waiting: Waiting): void {
    const at = queue.indexOf(waiting)
    if (at < 0) return
    queue.splice(at, 1)
    if (at === 0) queue[0]?.grant()
  }
}

export class FakeChannel implements PageChannel {
  onmessage: ((event: MessageEvent) => void) | null = null
  readonly page: object
  readonly #all: Set<FakeChannel>

  constructor(page: object, all: Set<FakeChannel>) {
    this.page = page
    this.#all = all
    all.add(this)
  }

  postMessage(message: unknown): void {
    if (!this.#all.has(this)) return
    const data = structuredClone(message)
    for (const other of this.#all)
      if (other !== this)
        queueMicrotask(() => this.#all.has(other) && other.onmessage?.({ data } as MessageEvent))
  }

  close(): void {
    this.#all.delete(this)
  }
}

export interface PageWorldOptions extends WorldOptions {
  /** `false`: a browser without Web Locks. */
  readonly hasLocks?: boolean
  readonly hasChannel?: boolean
}

/** Some pages of one origin, on one clock, over one store. */
export function browser(shared: OutboxStore = memoryStore()) {
  const clock = manualClock()
  const locks = new FakeLocks()
  const channels = new Set<FakeChannel>()

  function open({ hasLocks = true, hasChannel = true, ...options }: PageWorldOptions = {}) {
    const page = {}
    let isGone = false
    let turn: PageTurn | undefined
    const stop = () => new Promise<never>(() => {})
    const store: OutboxStore = {
      read: () => (isGone ? stop() : shared.read()),
      write: (changes) => (isGone ? stop() : shared.write(changes)),
      close: async () => turn?.leave(),
      join(member) {
        const own = {
          locks: hasLocks && locks.of(page),
          channel: hasChannel && (() => new FakeChannel(page, channels)),
        }
        turn = pageTurn('test', member, own)
        return turn
      },
    }
    const made = world({ store, clock, ...options })
    return Object.assign(made, {
      page,
      /** The page is gone from one moment to the next: nobody says goodbye. */
      async crash() {
        isGone = true
        for (const channel of channels) if (channel.page === page) channels.delete(channel)
        locks.drop(page)
        await clock.advance(0)
      },
    })
  }

  return { clock, locks, channels, shared, open }
}
