import type { Advice } from '../advice.ts'
import type { SocketEvents, SocketState } from '../events.ts'
import type { DropReason, SocketData } from '../outbound-queue.ts'
import type { SendOptions } from '../send-options.ts'

/** An event of the connection as tabs tell it; errors stay in the tab where they were thrown. */
export type TabEvent = {
  [K in keyof SocketEvents]: { readonly name: K; readonly detail: SocketEvents[K] }
}[keyof SocketEvents]

/** The connection as its tab sees it. */
export interface Lead {
  readonly type: 'lead'
  /** The tab that holds it. */
  readonly from: string
  /** Grows with each handover: the last word of a tab that died may come late. */
  readonly term: number
  readonly state: SocketState
  readonly url: string
  readonly protocol: string
  readonly extensions: string
  /** What has just happened, if something has. */
  readonly event?: TabEvent | undefined
}

/** What tabs say to each other; `to` is a tab. */
export type TabMessage =
  | Lead
  | { readonly type: 'hello'; readonly from: string; readonly isVisible: boolean }
  | {
      readonly type: 'send'
      readonly from: string
      readonly to: string
      readonly id: number
      readonly data: SocketData
      readonly options: SendOptions
    }
  | { readonly type: 'taken'; readonly to: string; readonly id: number }
  | {
      readonly type: 'refused'
      readonly to: string
      readonly id: number
      readonly outcome: DropReason | 'failed'
    }
  | { readonly type: 'reconnect'; readonly to: string }
  | { readonly type: 'advise'; readonly to: string; readonly advice: Advice }

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isFlag: Check = (value) => typeof value === 'boolean'
const isNumber: Check = (value) => typeof value === 'number' && value >= 0
const isBag: Check = (value) => typeof value === 'object' && value !== null
const isOneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value)
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

function has(value: unknown, shape: Readonly<Record<string, Check>>): boolean {
  if (!isBag(value)) return false
  const own = (key: string): unknown =>
    Object.hasOwn(value as object, key) ? (value as Record<string, unknown>)[key] : undefined
  return Object.entries(shape).every(([key, check]) => check(own(key)))
}

const isData: Check = (value) =>
  isText(value) ||
  value instanceof ArrayBuffer ||
  ArrayBuffer.isView(value) ||
  value instanceof Blob

const isLoss: Check = (detail) =>
  has(detail, { code: isNumber, reason: isText, wasClean: isFlag, phase: isText, cause: isText })

const details: Readonly<Record<keyof SocketEvents, Check>> = {
  dialStarted: (detail) => has(detail, { attempt: isNumber }),
  opened: (detail) => has(detail, { isReconnect: isFlag, protocol: isText }),
  message: isBag,
  disconnected: (detail) => isLoss(detail) && has(detail, { failures: isNumber }),
  reconnectScheduled: (detail) =>
    has(detail, { attempt: isNumber, delayMs: isNumber, retryAt: (at) => at instanceof Date }),
  undelivered: (detail) => has(detail, { data: isData, outcome: isText }),
  closed: (detail) => isLoss(detail) && has(detail, { stop: isText }),
  sessionStarted: (detail) => has(detail, { id: isText }),
  sessionResumed: (detail) => has(detail, { id: isText }),
  sessionLost: isBag,
  gap: (detail) => has(detail, { from: isNumber, to: isNumber }),
  rotated: (detail) => has(detail, { reason: isText, ageMs: isNumber }),
  rotationFailed: (detail) => isLoss(detail) && has(detail, { failures: isNumber }),
}

const isEvent: Check = (event) =>
  has(event, { name: (name) => isText(name) && Object.hasOwn(details, name as string) }) &&
  details[(event as TabEvent).name]((event as TabEvent).detail)

const options: Readonly<Record<keyof SendOptions, Check>> = {
  priority: optional(isOneOf('critical', 'important', 'deferred')),
  coalesceKey: optional(isText),
  ttlMs: optional(isNumber),
  sessionBound: optional(isFlag),
  beforeReady: optional(isFlag),
}

const shapes: Readonly<Record<TabMessage['type'], Readonly<Record<string, Check>>>> = {
  lead: {
    from: isText,
    term: isNumber,
    state: isOneOf('connecting', 'waiting', 'open', 'closing', 'closed'),
    url: isText,
    protocol: isText,
    extensions: isText,
    event: optional(isEvent),
  },
  hello: { from: isText, isVisible: isFlag },
  send: {
    from: isText,
    to: isText,
    id: isNumber,
    data: isData,
    options: (bag) => has(bag, options),
  },
  taken: { to: isText, id: isNumber },
  refused: {
    to: isText,
    id: isNumber,
    outcome: isOneOf('overflow', 'expired', 'superseded', 'sessionLost', 'closed', 'failed'),
  },
  reconnect: { to: isText },
  advise: {
    to: isText,
    advice: (bag) =>
      has(bag, {
        retryAfterMs: optional(isNumber),
        windowMs: optional(isNumber),
        rotateWithinMs: optional(isNumber),
      }),
  },
}

/** The version of what tabs say; tabs of an older or newer page don't understand each other. */
const version = 1

/** Makes what goes on the channel of a message. */
export function tabEnvelope(message: TabMessage): object {
  return { evenkeel: version, ...message }
}

/** Reads what came by the channel; `undefined` for what is none of ours, of another version, or malformed. */
export function readTabMessage(given: unknown): TabMessage | undefined {
  const isOurs = has(given, {
    evenkeel: (value) => value === version,
    type: (type) => isText(type) && Object.hasOwn(shapes, type as string),
  })
  if (!isOurs) return undefined
  const message = given as TabMessage
  return has(message, shapes[message.type]) ? message : undefined
}
