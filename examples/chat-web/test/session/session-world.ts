import { type StateStore, memoryStore as stateMemory } from '@evenkeel/core/persistence'
import { manualClock } from '@evenkeel/core/testing'
import type { OutboxEntry, OutboxStore } from '@evenkeel/outbox'
import { memoryStore } from '@evenkeel/outbox/memory'
import { ResilientWebSocket } from '@evenkeel/websocket'
import type { Outgoing, SendStatus } from '../../src/chat/outgoing.ts'
import { Session } from '../../src/session/session.ts'
import { settle } from '../settle.ts'
import { FakeApi } from './fake-api.ts'
import { FakeGateway } from './fake-gateway.ts'
import { FakeNetwork } from './fake-network.ts'

/** Ada at a chat whose server is in memory, on a manual clock; chance is always in the middle. */
export function sessionWorld({
  stored = new Map<string, string>(),
  outboxStore = memoryStore(),
  stateStore = stateMemory(),
  isReload = false,
}: {
  stored?: Map<string, string>
  outboxStore?: OutboxStore
  stateStore?: StateStore
  isReload?: boolean
} = {}) {
  const clock = manualClock()
  const api = new FakeApi()
  const gateway = new FakeGateway()
  const network = new FakeNetwork()
  const session = new Session({
    apiUrl: 'https://api.example.com/api',
    clock,
    random: () => 0.5,
    fetch: api.fetch as typeof fetch,
    WebSocket: gateway.Socket,
    Socket: ResilientWebSocket,
    signals: network,
    outboxStore: () => outboxStore,
    share: { store: stateStore, channel: false, locks: false, page: () => () => {} },
    isReload,
    storage: {
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
    },
  })
  const world = {
    clock,
    api,
    gateway,
    session,
    stored,
    network,
    get chat() {
      return session.chat.get()
    },
    get panel() {
      return session.panel.get()
    },
    /** The contents of a channel's messages. */
    said: (channelId = '10') =>
      session.chat.get().timelines[channelId]?.messages.map(({ content }) => content),
    outgoing: (): Outgoing => session.chat.get().outgoing[0] as Outgoing,
    status: (): SendStatus => world.outgoing().status,
    settle,
    /** Lets time pass, in steps after which everything runs that is ready. */
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 50) {
        await clock.advance(Math.min(50, left))
        await settle()
      }
    },
    async signIn() {
      const entered = session.signIn('Ada')
      await settle()
      await entered
      await settle()
    },
  }
  return world
}

/** Memory that outlives its page: each call opens it anew. */
export function lastingStore(): () => OutboxStore {
  let rows: [id: string, entry: unknown][] = []
  return () => {
    const store = memoryStore(rows.map(([, entry]) => entry as OutboxEntry))
    return {
      ...store,
      read: () => store.read(),
      async write(changes) {
        const isDone = await store.write(changes)
        rows = [...((await store.read()) as typeof rows)]
        return isDone
      },
      close: () => store.close(),
    }
  }
}
