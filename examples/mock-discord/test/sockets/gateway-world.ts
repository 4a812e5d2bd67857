import { VirtualScheduler } from '../../src/backend/virtual-scheduler.ts'
import type { Transport } from '../../src/sockets/connection.ts'
import { SocketGateway } from '../../src/sockets/socket-gateway.ts'
import type { SocketsPatch } from '../../src/sockets/socket-options.ts'
import { Store } from '../../src/store/store.ts'

interface Frame {
  readonly op: number
  readonly s: number | null
  readonly t: string | null
  // biome-ignore lint/suspicious/noExplicitAny: tests look into every shape of payload
  readonly d: any
}

/** The Gateway on virtual time, with clients that are no more than what they send and get. */
export function gatewayWorld(options: SocketsPatch = {}, tokens?: readonly string[]) {
  const scheduler = new VirtualScheduler()
  const store = new Store(() => 1_700_000_000_000 + scheduler.now())
  const gateway = new SocketGateway({
    store,
    scheduler,
    options,
    tokens: tokens && new Set(tokens),
  })
  return { scheduler, store, gateway, connect: (version?: string) => client(gateway, version) }
}

function client(gateway: SocketGateway, version?: string) {
  const frames: Frame[] = []
  const state = { closed: undefined as number | undefined, cut: false, frozen: false }
  const transport: Transport = {
    delayMs: 0,
    send: (frame) => state.closed === undefined && !state.cut && frames.push(JSON.parse(frame)),
    close(code) {
      state.closed = code
      queueMicrotask(() => gateway.disconnected(connection, code))
    },
    terminate() {
      state.cut = true
      queueMicrotask(() => gateway.disconnected(connection, 1006))
    },
    freeze() {
      state.frozen = true
    },
    compressPayloads() {},
  }
  const connection = gateway.connect(transport, 'ws://mock', version)
  const sendText = (text: string) => connection.receive(text, Buffer.byteLength(text))
  const send = (op: number, d: unknown = null) => sendText(JSON.stringify({ op, d }))
  const dispatches = (t?: string) =>
    frames.filter((frame) => frame.op === 0 && (t === undefined || frame.t === t))
  return {
    frames,
    state,
    connection,
    sendText,
    send,
    dispatches,
    identify(d: object = {}) {
      send(2, { token: 'token', intents: 0b1111111111111111, properties: {}, ...d })
      return frames.filter(({ t }) => t === 'READY').at(-1)?.d
    },
    resume: (sessionId: string, seq: unknown, token = 'token') =>
      send(6, { token, session_id: sessionId, seq }),
    /** The client closes, as its socket would tell. */
    leave: (code: number) => gateway.disconnected(connection, code),
  }
}
