import { fakeTabs, manualClock } from '@evenkeel/core/testing'
import {
  type OutboxStore,
  type PageLocks,
  type PageOptions,
  type PageTurn,
  pageTurn,
} from '../src/index.ts'
import { memoryStore } from '../src/memory.ts'
import { type WorldOptions, world } from './world.ts'

export interface PageWorldOptions extends WorldOptions {
  /** `false`: a browser without Web Locks. */
  readonly locks?: PageLocks | false
  /** `undefined`: the platform's. */
  readonly channel?: PageOptions['channel']
}

/** Some pages of one origin, on one clock, over one store. */
export function browser(shared: OutboxStore = memoryStore()) {
  const clock = manualClock()
  const tabs = fakeTabs()

  function open({ locks, ...given }: PageWorldOptions = {}) {
    const tab = tabs.open()
    const { channel, ...options } = { channel: tab.channel, ...given }
    let isGone = false
    let turn: PageTurn | undefined
    const stop = () => new Promise<never>(() => {})
    const store: OutboxStore = {
      read: () => (isGone ? stop() : shared.read()),
      write: (changes) => (isGone ? stop() : shared.write(changes)),
      close: async () => turn?.leave(),
      join(member) {
        turn = pageTurn('test', member, {
          locks: locks ?? tab.locks,
          channel,
        })
        return turn
      },
    }
    const made = world({ store, clock, ...options })
    return Object.assign(made, {
      tab,
      /** The page is gone from one moment to the next: nobody says goodbye. */
      async crash() {
        isGone = true
        tab.crash()
        await clock.advance(0)
      },
    })
  }

  /** Something that is no outbox says something to all pages. */
  function post(data: unknown): void {
    tabs.open().channel('evenkeel outbox test').postMessage(data)
  }

  return { clock, tabs, shared, open, post }
}
