import { boolean, integer, number, oneOf, partial, type Reader, text } from '../options/readers.ts'
import { type HandshakeFault, readHandshakeFault } from './handshake-fault.ts'

/** Which of the open connections; all when nothing is said. */
export interface Target {
  /** So much of them, taken at random. @defaultValue 1 */
  readonly share?: number | undefined
  /** Only those of this shard id. */
  readonly shard?: number | undefined
}

/** What an operator does to the WebSocket Gateway. */
export type SocketAction =
  /** Cuts TCP connections without a word. */
  | ({ readonly kind: 'drop' } & Target)
  | ({ readonly kind: 'close'; readonly code: number; readonly reason?: string } & Target)
  /** Hears heartbeats and answers none. */
  | ({ readonly kind: 'stop-acks' } & Target)
  /** Sends every frame so much later. */
  | ({ readonly kind: 'delay'; readonly delayMs: number } & Target)
  /** Stops reading and writing; the connection stays open until its heartbeats are overdue. */
  | ({ readonly kind: 'half-open' } & Target)
  /** Op 7; closes after `closeAfterMs` those that stay. */
  | ({ readonly kind: 'reconnect'; readonly closeAfterMs?: number } & Target)
  /** Op 9, with `d` as in `resumable`; without it the sessions end. */
  | ({ readonly kind: 'invalidate'; readonly resumable?: boolean } & Target)
  /** Op 1. */
  | ({ readonly kind: 'request-heartbeat' } & Target)
  /** Ends all connections, HTTP too when it stays down, and listens again after `downMs`. */
  | { readonly kind: 'restart'; readonly downMs?: number; readonly sessions?: 'keep' | 'lose' }
  | ({ readonly kind: 'handshakes' } & { readonly fault: HandshakeFault })
  /** Takes all of the above back. */
  | { readonly kind: 'heal' }
  /** Posts numbered messages, in one channel, one each `intervalMs`. */
  | {
      readonly kind: 'inject'
      readonly count: number
      readonly channel?: string
      readonly intervalMs?: number
    }

type Kind = SocketAction['kind']
type Fields = Readonly<Record<string, Reader<unknown>>>

const target: Fields = { share: number(0, 1), shard: integer(0) }

/** By kind, what an action may have; a `!` marks what it must have. */
export const socketActions: Readonly<Record<Kind, Fields>> = {
  drop: target,
  close: { ...target, 'code!': integer(1_000, 4_999), reason: text },
  'stop-acks': target,
  delay: { ...target, 'delayMs!': number(0) },
  'half-open': target,
  reconnect: { ...target, closeAfterMs: number(0) },
  invalidate: { ...target, resumable: boolean },
  'request-heartbeat': target,
  restart: { downMs: number(0), sessions: oneOf('keep', 'lose') },
  handshakes: { 'fault!': readHandshakeFault },
  heal: {},
  inject: { 'count!': integer(1, 1_000_000), channel: text, intervalMs: number(0) },
}

const readKind = oneOf(...(Object.keys(socketActions) as Kind[]))

/** Reads what an operator does to the WebSocket Gateway. */
export const readSocketAction: Reader<SocketAction> = (value, name) => {
  const { kind: given, ...rest } = (value ?? {}) as Record<string, unknown>
  const kind = readKind(given, `${name}: kind`)
  const fields = Object.entries(socketActions[kind])
  const readers = Object.fromEntries(fields.map(([key, read]) => [key.replace('!', ''), read]))
  const read = partial<Record<string, unknown>>(readers)(rest, name)
  for (const [key] of fields) {
    const needed = key.endsWith('!') && key.slice(0, -1)
    if (needed && read[needed] === undefined) throw new RangeError(`${name} needs ${needed}`)
  }
  return { kind, ...read } as SocketAction
}
