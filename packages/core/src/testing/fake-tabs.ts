import type { StateChannel } from '../persistence/tab-channel.ts'

/** As `BroadcastChannel`. */
export interface FakeChannel extends StateChannel {
  /** Would hear of what can't be read; nothing here is such. */
  onmessageerror: ((event: MessageEvent) => void) | null
}

/** As `navigator.locks`. */
export interface FakeLocks {
  /** Calls back with the lock when its turn has come, or at once with `null` if it must be available and is not. */
  request(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly signal?: AbortSignal },
    callback: (lock: { readonly name: string } | null) => Promise<void> | undefined,
  ): Promise<unknown>
}

/** One tab's way to the others, for `shareState` and for sockets that tabs share. */
export interface FakeTab {
  /** As `BroadcastChannel`. */
  readonly channel: (name: string) => FakeChannel
  /** As `navigator.locks`. */
  readonly locks: FakeLocks
  /** Ends the tab from one moment to the next: it says no goodbye. */
  crash(): void
  /** Takes its locks, held or waited for, from a tab that is still there, as the back/forward cache does. */
  loseLocks(): void
}

/** Tabs of one origin, without a browser. */
export interface FakeTabs {
  /** Opens another tab. */
  open(): FakeTab
  /** How many channels and locks are in use, or waited for: 0 when nothing leaks. */
  readonly inUse: number
}

interface Member {
  readonly tab: object
  readonly name: string
  readonly channel: FakeChannel
}

/** Has a lock, or waits for it. */
interface Turn {
  readonly tab: object
  begin(): void
  lose(): void
}

/** The turns at each lock; the first has it. */
class LockQueues {
  readonly #queues = new Map<string, Turn[]>()
  readonly #gone = new WeakSet<object>()

  get size(): number {
    return [...this.#queues.values()].reduce((sum, { length }) => sum + length, 0)
  }

  of(tab: object): FakeLocks {
    return {
      request: async (name, { ifAvailable, signal }, callback) => {
        await undefined
        signal?.throwIfAborted()
        // What a tab that has crashed still does here, it would not do.
        if (this.#gone.has(tab)) return new Promise<never>(() => {})
        const queue = this.#queues.get(name) ?? []
        if (ifAvailable && queue.length > 0) return callback(null)
        this.#queues.set(name, queue)
        const turn: Turn = { tab, begin: () => {}, lose: () => {} }
        const lost = new Promise<never>((_, reject) => {
          turn.lose = () => reject(new DOMException('The lock was lost', 'AbortError'))
        })
        queue.push(turn)
        try {
          if (queue.length > 1)
            await Promise.race([
              lost,
              new Promise<void>((resolve, reject) => {
                turn.begin = resolve
                signal?.addEventListener('abort', () => {
                  if (queue[0] !== turn) reject(signal.reason)
                })
              }),
            ])
          return await Promise.race([callback({ name }), lost])
        } finally {
          this.#leave(name, turn)
        }
      },
    }
  }

  drop(tab: object): void {
    this.#gone.add(tab)
    for (const [name, turn] of this.#of(tab)) this.#leave(name, turn)
  }

  take(tab: object): void {
    for (const [name, turn] of this.#of(tab)) {
      this.#leave(name, turn)
      turn.lose()
    }
  }

  #of(tab: object): [name: string, turn: Turn][] {
    return [...this.#queues].flatMap(([name, queue]) =>
      queue.filter((each) => each.tab === tab).map((turn): [string, Turn] => [name, turn]),
    )
  }

  #leave(name: string, turn: Turn): void {
    const queue = this.#queues.get(name) ?? []
    const at = queue.indexOf(turn)
    if (at < 0) return
    queue.splice(at, 1)
    if (queue.length === 0) this.#queues.delete(name)
    else if (at === 0) queue[0]?.begin()
  }
}

/** Makes an origin without tabs; what they post arrives as soon as promises run. */
export function fakeTabs(): FakeTabs {
  const members = new Set<Member>()
  const locks = new LockQueues()
  return {
    get inUse() {
      return members.size + locks.size
    },
    open() {
      const tab = {}
      return {
        channel(name) {
          const channel: FakeChannel = {
            onmessage: null,
            onmessageerror: null,
            postMessage(message) {
              if (!members.has(member)) return
              const data = structuredClone(message)
              for (const other of members)
                if (other !== member && other.name === name)
                  queueMicrotask(() => {
                    if (members.has(other)) other.channel.onmessage?.({ data } as MessageEvent)
                  })
            },
            close: () => members.delete(member),
          }
          const member = { tab, name, channel }
          members.add(member)
          return channel
        },
        locks: locks.of(tab),
        crash() {
          for (const member of members) if (member.tab === tab) members.delete(member)
          locks.drop(tab)
        },
        loseLocks: () => locks.take(tab),
      }
    },
  }
}
