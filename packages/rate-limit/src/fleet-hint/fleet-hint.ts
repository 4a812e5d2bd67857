import {
  type CallContext,
  checkNumber,
  type EvenkeelError,
  KeyedState,
  type Next,
  notify,
  type Policy,
  type Priority,
  type Random,
  refusal,
  rejected,
  systemRandom,
  systemTime,
  type TimeSource,
} from '@evenkeel/core'
import { decimalMs } from '../headers/decimal-ms.ts'
import { admits, type FleetHint } from './admission.ts'
import { fleetHintField, fleetLevelField, parseFleetHint } from './fleet-hint-field.ts'

/** A call that the hint did not admit. */
export interface ShedByHint {
  readonly type: 'shedByHint'
  readonly key: string
  readonly priority: Priority
  readonly level: number
  readonly retryAfterMs: number
  readonly tag: unknown
}

/** A key's level is another. */
export interface HintChanged {
  readonly type: 'hintChanged'
  readonly key: string
  /** Nothing when the hint has run out. */
  readonly level: number | undefined
}

/** What {@link fleetHint} can be told. */
export interface FleetHintOptions {
  /** How long a hint holds that does not say. @defaultValue 30_000: three of the periods in which a server should publish */
  readonly ttlMs?: number | undefined
  /**
   * Something stable of the user, an account's id: whoever is admitted stays so for an hour, with all calls. Without, each
   * call is drawn by itself.
   */
  readonly user?: string | undefined
  /**
   * The field by which a request says the level it was sent by, for a server to know how many were not sent however late its
   * hints are heard.
   * @defaultValue `'Fleet-Level'`, but none where there is a page or a worker of one: a header of its own costs other
   * origins a preflight
   */
  readonly levelHeader?: string | false | undefined
  /** Told of every call that was not admitted, and of every change of a level. */
  readonly onEvent?: ((event: ShedByHint | HintChanged) => void) | undefined
  /** @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
  /** @defaultValue `systemRandom` */
  readonly random?: Random | undefined
}

/** Admits calls as the server asks its whole fleet to. */
export interface FleetHintPolicy extends Policy {
  /** What holds for a key now, if anything does. */
  hint(key: string): FleetHint | undefined
  /** Takes a hint in, by whatever way it came: a push on a socket, a document, another tab; `ageMs` old by then. */
  set(key: string, hint: FleetHint, ageMs?: number): void
  /** Takes it from the `Fleet-Hint` field of a response, if that has one; what a shared cache kept is as old as `Age` says. */
  learn(key: string, headers: { get(name: string): string | null }): void
  /** A `fetch` that learns from every response, and says the level in every request: for `createFetch({ fetch })`. */
  reading(fetch?: typeof globalThis.fetch): typeof globalThis.fetch
}

/** How long one draw of a user holds: long enough for a visit, short enough to be fair (DAGOR). */
const drawMs = 3_600_000

/** From 0 up to but not 1, the same for the same text everywhere (FNV-1a, mixed). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text)
    hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97)
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32
}

/**
 * Sends of each priority the share that the server has asked its fleet for, from the first try on: what no client can
 * do by itself, as it learns of an overload only by adding to it.
 *
 * A hint that has run out holds no more: retries, cooldowns and breaker are then all there is, as without one.
 *
 * @throws `SHED_BY_HINT` at once, with the time at which to come back; `RangeError` for a bad option
 */
export function fleetHint({
  ttlMs = 30_000,
  user,
  levelHeader = globalThis.location ? false : fleetLevelField,
  onEvent,
  clock = systemTime,
  random = systemRandom,
}: FleetHintOptions = {}): FleetHintPolicy {
  checkNumber('fleetHint', 'ttlMs', ttlMs, 1)
  if (levelHeader) new Headers([[levelHeader, '']])
  const states = new KeyedState(
    (): { hint: FleetHint | undefined; untilMs: number } => ({ hint: undefined, untilMs: 0 }),
    { clock, isNeeded: ({ hint }) => hint !== undefined },
  )

  function current(key: string, nowMs: number): FleetHint | undefined {
    const state = states.peek(key)
    if (state?.hint && nowMs >= state.untilMs) {
      state.hint = undefined
      notify(onEvent, { type: 'hintChanged', key, level: undefined })
    }
    return state?.hint
  }

  function set(key: string, hint: FleetHint, ageMs = 0): void {
    checkNumber('fleetHint', 'level', hint.level, 0, 3)
    const nowMs = clock.now()
    const untilMs = nowMs + (hint.ttlMs ?? ttlMs) - ageMs
    if (untilMs <= nowMs) return
    const before = current(key, nowMs)?.level
    const state = states.get(key)
    state.hint = hint
    state.untilMs = untilMs
    const { level } = hint
    if (before !== level) notify(onEvent, { type: 'hintChanged', key, level })
  }

  /** The request as it is to be sent: it says by which level. */
  function saying(input: RequestInfo | URL, init: RequestInit | undefined, key: string) {
    if (!levelHeader) return init
    const headers = new Headers(init?.headers ?? (input as Partial<Request>).headers)
    const level = current(key, clock.now())?.level ?? 3
    headers.set(levelHeader, String(Math.round(level * 1000) / 1000))
    return { ...init, headers }
  }

  function learn(key: string, headers: { get(name: string): string | null }): void {
    const hint = parseFleetHint(headers.get(fleetHintField))
    if (hint) set(key, hint, decimalMs(headers.get('age')))
  }

  function shed({ key, priority, tag }: CallContext, level: number, nowMs: number): EvenkeelError {
    // By then there is another hint, or none; spread, so that all who were shed do not come at once.
    const leftMs = (states.get(key).untilMs - nowMs) * (1 + random() / 2)
    const retryAfterMs = Math.ceil(leftMs)
    notify(onEvent, { type: 'shedByHint', key, priority, level, retryAfterMs, tag })
    const message = `${key} admits a part of ${priority} calls only (level ${level})`
    return refusal('SHED_BY_HINT', message, { key, retryAfterMs, clock })
  }

  return {
    name: 'fleetHint',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const { key, priority, attempt } = context
      if (!states.peek(key)?.hint) return next(context)
      const nowMs = clock.now()
      const hint = current(key, nowMs)
      const chance =
        user === undefined
          ? random()
          : fractionOf(`${user} ${Math.floor(clock.wallNow() / drawMs)}`)
      if (!hint || admits(hint, priority, attempt > 1, chance)) return next(context)
      return rejected(shed(context, hint.level, nowMs))
    },
    hint: (key) => current(key, clock.now()),
    set,
    learn,
    reading:
      (fetch = (input, init) => globalThis.fetch(input, init)) =>
      async (input, init) => {
        const url = typeof input === 'object' && 'url' in input ? input.url : String(input)
        const key = new URL(url, globalThis.location?.href).origin
        const response = await fetch(input, saying(input, init, key))
        learn(key, response.headers)
        return response
      },
  }
}
