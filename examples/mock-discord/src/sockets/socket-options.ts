import {
  boolean,
  integer,
  number,
  orUnlimited,
  partial,
  positive,
  type Reader,
  text,
} from '../options/readers.ts'
import { knownIntents } from './intents.ts'

/** The WebSocket Gateway; all of it may change while it runs. */
export interface SocketOptions {
  /** What HELLO asks for, in ms. */
  readonly heartbeatIntervalMs: number
  /** How late a heartbeat may be before the connection is closed with 4009. */
  readonly heartbeatGraceMs: number
  /** How long a session may be resumed after its connection is lost. */
  readonly sessionLifetimeMs: number
  /** Events kept per session for a RESUME. */
  readonly maxReplay: number
  readonly maxConcurrency: number
  /** One IDENTIFY per window and bucket. */
  readonly identifyWindowMs: number
  /** IDENTIFYs per window and bot. */
  readonly sessionStarts: number
  readonly sessionStartsWindowMs: number
  /** Frames a client may send per window. */
  readonly sendLimit: number
  readonly sendWindowMs: number
  readonly maxPayloadBytes: number
  /** What `GET /gateway/bot` recommends. */
  readonly shards: number
  /** With fewer, 4011. */
  readonly requiredShards: number
  /** A bit of privilege that is not among these is answered 4014. */
  readonly allowedIntents: number
  /** Open connections, after which most upgrades fail. */
  readonly connectionLimit: number
  /** The share that fails beyond the limit. */
  readonly overLimitFailureRatio: number
  readonly acceptPerSecond: number
  readonly acceptQueueLength: number
  /** All members of a guild may be asked for once in so long. */
  readonly membersWindowMs: number
  /** `false`: heartbeats are heard and not answered. */
  readonly acks: boolean
  /** Added to every frame the server sends. */
  readonly frameDelayMs: number
  /** What `GET /gateway` names; empty for this server. */
  readonly url: string
}

export type SocketsPatch = Partial<SocketOptions>

/** Discord's numbers; where it names none, what was seen of it. */
export const defaultSocketOptions: SocketOptions = {
  heartbeatIntervalMs: 41_250,
  heartbeatGraceMs: 20_000,
  sessionLifetimeMs: 180_000,
  maxReplay: 2_000,
  maxConcurrency: 1,
  identifyWindowMs: 5_000,
  sessionStarts: 1_000,
  sessionStartsWindowMs: 86_400_000,
  sendLimit: 120,
  sendWindowMs: 60_000,
  maxPayloadBytes: 4_096,
  shards: 1,
  requiredShards: 1,
  allowedIntents: knownIntents,
  connectionLimit: Number.POSITIVE_INFINITY,
  overLimitFailureRatio: 0.85,
  acceptPerSecond: Number.POSITIVE_INFINITY,
  acceptQueueLength: 50_000,
  membersWindowMs: 30_000,
  acks: true,
  frameDelayMs: 0,
  url: '',
}

/** Reads a change to the WebSocket Gateway. */
export const readSocketsPatch: Reader<SocketsPatch> = partial<SocketsPatch>({
  heartbeatIntervalMs: integer(1),
  heartbeatGraceMs: number(0),
  sessionLifetimeMs: number(0),
  maxReplay: integer(0),
  maxConcurrency: integer(1),
  identifyWindowMs: number(0),
  sessionStarts: integer(0),
  sessionStartsWindowMs: positive,
  sendLimit: orUnlimited(integer(1)),
  sendWindowMs: positive,
  maxPayloadBytes: integer(1),
  shards: integer(1),
  requiredShards: integer(1),
  allowedIntents: integer(0),
  connectionLimit: orUnlimited(integer(0)),
  overLimitFailureRatio: number(0, 1),
  acceptPerSecond: orUnlimited(positive),
  acceptQueueLength: integer(0),
  membersWindowMs: number(0),
  acks: boolean,
  frameDelayMs: number(0),
  url: text,
})
