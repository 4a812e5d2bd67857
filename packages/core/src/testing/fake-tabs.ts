import type { StateLocks } from '../persistence/state-locks.ts'
import type { StateChannel } from '../persistence/tab-channel.ts'

/** One tab's way to the others, for `shareState`. */
export interface FakeTab {
  /** As `BroadcastChannel`. */
  readonly channel: (name: string) => StateChannel
  /** As `navigator.locks`. */
  readonly locks: StateLocks
  /** Ends the tab from one moment to the next: it says no goodbye. */
  crash(): void
}

/** Tabs of one origin, without a browser. */
export interface FakeTabs {
  /** Opens another tab. */
  open(): FakeTab
  /** How many channels and locks are in use: 0 when nothing leaks. */
  readonly inUse: number
}

interface Member {
  readonly tab: object
  readonly name: string
  readonly channel: StateChannel
}

/** Makes an origin without tabs; what they post arrives as soon as promises run. */
export function fakeTabs(): FakeTabs {
  const members = new Set<Member>()
  const locks = new Map<string, object>()
  return {
    get inUse() {
      return members.size + locks.size
    },
    open() {
      const tab = {}
      const mine = (name: string) => locks.get(name) === tab && locks.delete(name)
      return {
        channel(name) {
          const channel: StateChannel = {
            onmessage: null,
            postMessage(data) {
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
        locks: {
          async request(name, _options, callback) {
            await undefined
            if (locks.has(name)) return callback(null)
            locks.set(name, tab)
            try {
              return await callback({ name })
            } finally {
              mine(name)
            }
          },
        },
        crash() {
          for (const member of members) if (member.tab === tab) members.delete(member)
          for (const name of locks.keys()) mine(name)
        },
      }
    },
  }
}
