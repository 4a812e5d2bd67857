import {
  type CallContext,
  type Clock,
  type EvenkeelError,
  GivenUp,
  isRetryable,
  KeyedState,
  markGivenUp,
  type Next,
  notify,
  type Policy,
  type Random,
  refusal,
  rejected,
  sleep,
  systemClock,
  systemRandom,
} from '@evenkeel/core'
import { Cooldown, spread } from '../cooldown.ts'
import { decimalMs } from '../headers/decimal-ms.ts'
import type { HeadersLike } from '../headers/headers-like.ts'
import type { LimitFactory } from '../limit.ts'
import { priorities } from '../priorities.ts'
import { type Allowance, bounded } from './allowance.ts'
import type { SteeringEvent } from './events.ts'
import { parseServerPolicy, type ServerPolicy, serverPolicyField } from './server-policy.ts'

/** What {@link steering} can be told. */
export interface SteeringOptions {
  /** How far a server may go. */
  readonly allow?: Allowance | undefined
  /** Told of every policy, and of all that it does. */
  readonly onEvent?: ((event: SteeringEvent) => void) | undefined
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
  /** @defaultValue `systemRandom` */
  readonly random?: Random | undefined
}

/** Slows calls down as their server asks: for `createFetch({ admission })`. */
export interface Steering extends Policy {
  /** What holds for a key now, within what the app allows. */
  policy(key: string): ServerPolicy | undefined
  /** Takes a policy in, `ageMs` old by then. */
  set(key: string, policy: ServerPolicy, ageMs?: number): void
  /** Takes in the text of the field, by whatever way it came. */
  learn(key: string, text: string, ageMs?: number): void
  /** A `fetch` that learns from every response, for the origin that sent it: for `createFetch({ fetch })`. */
  reading(fetch?: typeof globalThis.fetch): typeof globalThis.fetch
  /** What holds calls during a cooldown: for `rateLimit({ limits })`. */
  readonly cooldown: LimitFactory
}

interface Steered {
  policy: ServerPolicy | undefined
  untilMs: number
  readonly hold: Cooldown
  /** When the next cooldown may begin. */
  nextHoldAtMs: number
}

/** How long the release takes after a cooldown, as after any other. */
const rampMs = 5000

/**
 * Lets a server lower the attempts of its clients, spread their retries, pause calls of lesser priorities and hold all of
 * them for a while: never beyond what the app allows, never looser than the app's own options, and never for long.
 *
 * A policy takes the place of the one before. A cooldown begins once for each time a policy holds, and at least as long as it
 * took goes by before another.
 *
 * @throws `PAUSED_BY_SERVER` at once, with the time at which to come back; `RangeError` for a bad option
 */
export function steering({
  allow,
  onEvent,
  clock = systemClock,
  random = systemRandom,
}: SteeringOptions = {}): Steering {
  const bound = bounded(allow)
  const states = new KeyedState<Steered>(
    () => ({ policy: undefined, untilMs: 0, hold: new Cooldown(), nextHoldAtMs: 0 }),
    { clock, isNeeded: ({ policy, hold }) => !!policy || clock.now() < hold.untilMs },
  )

  function replace(key: string, state: Steered, policy: ServerPolicy | undefined): void {
    const isNews = JSON.stringify(state.policy) !== JSON.stringify(policy)
    state.policy = policy
    if (isNews) notify(onEvent, { type: 'policyChanged', key, policy })
  }

  function current(key: string): ServerPolicy | undefined {
    const state = states.peek(key)
    if (state?.policy && clock.now() >= state.untilMs) replace(key, state, undefined)
    return state?.policy
  }

  function ignore(key: string, reason: 'malformed' | 'foreign' | 'stale', text: string): void {
    notify(onEvent, { type: 'policyIgnored', key, reason, text: text.slice(0, 100) })
  }

  /** @returns whether it was young enough to count */
  function take(key: string, given: ServerPolicy, ageMs: number): boolean {
    const policy = bound(given)
    const nowMs = clock.now()
    const untilMs = nowMs + policy.maxAgeMs - ageMs
    if (policy.maxAgeMs && untilMs <= nowMs) return false
    const state = states.get(key)
    state.untilMs = untilMs
    replace(key, state, policy.maxAgeMs ? policy : undefined)
    const { cooldownMs } = policy
    if (!cooldownMs || untilMs <= nowMs || nowMs < state.nextHoldAtMs) return true
    const { hold } = state
    const waitMs = spread(cooldownMs, random())
    hold.untilMs = nowMs + waitMs
    hold.rampMs = Math.min(rampMs, waitMs)
    hold.started = 0
    state.nextHoldAtMs = Math.max(untilMs, hold.untilMs + waitMs)
    notify(onEvent, { type: 'cooldownSteered', key, waitMs })
    return true
  }

  function learn(key: string, text: string, ageMs = 0): void {
    const policy = parseServerPolicy(text)
    if (!policy) ignore(key, 'malformed', text)
    else if (!take(key, policy, ageMs)) ignore(key, 'stale', text)
  }

  function paused({ key, priority, attempt, tag }: CallContext): EvenkeelError {
    // Spread, so that all that was paused does not come at once.
    const leftMs = (states.get(key).untilMs - clock.now()) * (1 + random() / 2)
    const retryAfterMs = Math.ceil(leftMs)
    notify(onEvent, { type: 'pausedByServer', key, priority, attempt, tag, retryAfterMs })
    const message = `${key} asks to pause ${priority} calls`
    return refusal('PAUSED_BY_SERVER', message, { key, retryAfterMs, clock })
  }

  /** Waits before a retry, for at most half of the time that its call has left. */
  function spreadRetry(context: CallContext, jitterMs: number): Promise<void> {
    const { key, attempt, tag, deadlineAtMs, signal } = context
    const delayMs = random() * Math.min(jitterMs, Math.max(0, deadlineAtMs - clock.now()) / 2)
    notify(onEvent, { type: 'retrySpread', key, attempt, tag, delayMs })
    return sleep(delayMs, signal, clock)
  }

  function failed({ key, attempt, tag }: CallContext, error: unknown): never {
    // Perhaps it was this answer that said so.
    const { attempts = Infinity } = current(key) ?? {}
    if (attempt >= attempts && isRetryable(error)) {
      markGivenUp(error, new GivenUp('server'))
      notify(onEvent, { type: 'retriesCapped', key, attempt, tag })
    }
    throw error
  }

  return {
    name: 'steering',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const { pause, jitterMs } = current(context.key) ?? {}
      if (pause && priorities.indexOf(context.priority) >= priorities.indexOf(pause))
        return rejected(paused(context))
      const outcome =
        jitterMs && context.attempt > 1
          ? spreadRetry(context, jitterMs).then(() => next(context))
          : next(context)
      return outcome.catch((error) => failed(context, error))
    },
    policy: current,
    set(key, policy, ageMs = 0) {
      take(key, policy, ageMs)
    },
    learn,
    reading:
      (fetch = (input, init) => globalThis.fetch(input, init)) =>
      async (input, init) => {
        const response = await fetch(input, init)
        const headers: HeadersLike = response.headers
        const text = headers.get(serverPolicyField)
        if (text === null) return response
        const url = typeof input === 'object' && 'url' in input ? input.url : String(input)
        const { href, origin } = new URL(url, globalThis.location?.href)
        if (new URL(response.url || href).origin === origin)
          learn(origin, text, decimalMs(headers.get('age')))
        else ignore(origin, 'foreign', text)
        return response
      },
    cooldown: (key) => ({
      code: 'COOLDOWN_TOO_LONG',
      startAtMs: (_call, _nowMs, ahead) => states.peek(key)?.hold.startAtMs(ahead) ?? -Infinity,
      started() {
        const hold = states.peek(key)?.hold
        if (hold) hold.started++
      },
      isNeeded: (nowMs) => nowMs < (states.peek(key)?.hold.untilMs ?? 0),
    }),
  }
}
