import {
  type CallContext,
  cancellationOf,
  checkNoOther,
  checkNumber,
  KeyedState,
  type Next,
  notify,
  refusal,
  retryAfterMs,
  systemClock,
  systemRandom,
} from '@evenkeel/core'
import { newAlarm } from './alarm.ts'
import type { RateLimitEvent } from './events.ts'
import { Gate } from './gate.ts'
import type { ResponseLimits } from './limit.ts'
import { isServerRefusal, outcomeOf } from './outcome-of.ts'
import type { LearnContext, RateLimit, RateLimitOptions } from './rate-limit-options.ts'
import { stateOf } from './state-of.ts'
import { factsOf, type Ticket } from './ticket.ts'

/**
 * Holds the calls of a key back when the server says so, and lets them go one by one.
 *
 * A refusal holds what waits and what comes until the server's wait is over, and up to half as long
 * again; then one call starts, and twice as many in each tenth of the ramp. `limits` adds
 * further reasons to wait. Who would wait too long is told at once when to come back.
 *
 * @throws `COOLDOWN_TOO_LONG` when the wait does not fit `maxWaitMs` or the deadline, `QUEUE_FULL`
 * when more important calls fill the queue, `CLOSED` after `close()`, and the codes of `limits`; each with `retryAt`
 * if that is known.
 */
export function rateLimit({
  limits = [],
  maxWaitMs = 60_000,
  maxQueued = 1000,
  rampMs = 5000,
  isRefusal = isServerRefusal,
  maxKeys,
  idleMs,
  onEvent,
  clock = systemClock,
  random = systemRandom,
  ...others
}: RateLimitOptions = {}): RateLimit {
  checkNoOther('rateLimit', others)
  checkNumber('rateLimit', 'maxWaitMs', maxWaitMs, 0)
  checkNumber('rateLimit', 'maxQueued', maxQueued, 0)
  checkNumber('rateLimit', 'rampMs', rampMs, 0)
  const emit = (event: RateLimitEvent): void => notify(onEvent, event)

  function release(call: Ticket): void {
    call.unlink?.()
    emit({ type: 'released', ...factsOf(call.context) })
    call.resolve?.()
  }

  function refuse(call: Ticket, code: string, waitMs: number): void {
    call.unlink?.()
    const retryAfterMs = waitMs < Infinity ? Math.ceil(waitMs) : undefined
    emit({ type: 'refused', ...factsOf(call.context), code, retryAfterMs })
    const until = retryAfterMs === undefined ? '' : ` for another ${retryAfterMs} ms`
    const { key } = call.context
    call.reject?.(
      refusal(code, `Not sent to ${key}: rate limited${until}`, { key, retryAfterMs, clock }),
    )
  }

  const rules = { limits, maxQueued, rampMs, random, emit, release, refuse }
  const gates = new KeyedState((key) => new Gate<Ticket>(key, rules), {
    maxKeys,
    idleMs,
    isNeeded: (gate) => gate.isNeeded(clock.now()),
    clock,
  })
  const { set: arm, pump, watch, timers } = newAlarm(clock)
  let isClosed = false

  function learn(gate: Gate<Ticket>, context: LearnContext, response: ResponseLimits): void {
    const { refused, retryAfterMs, scope } = response
    if (gate.isCalm && !refused) return
    gate.learn(context.route, response, clock.now())
    if (refused) emit({ type: 'limited', ...factsOf(context), retryAfterMs, scope })
    if (refused || response.remaining === 0) limit.onHeld?.(context.key, context.route)
    pump(gate)
  }

  /** Starts a call; without a ticket it is not shown to the gate. */
  function send<T>(
    gate: Gate<Ticket>,
    next: Next<T>,
    context: CallContext,
    call?: Ticket,
  ): Promise<T> {
    const { announced } = gate
    return next(context).then(
      call &&
        ((value) => {
          gate.ended(call, 'accepted', clock.now())
          pump(gate)
          return value
        }),
      (error) => {
        let isRefused = false
        try {
          if (isRefusal && gate.announced === announced) isRefused = isRefusal({ error, context })
        } finally {
          // Also of a callback that throws: no limit may take the call to be under way for ever.
          if (call) gate.ended(call, isRefused ? 'rejected' : outcomeOf(error), clock.now())
          if (isRefused) learn(gate, context, { refused: true, retryAfterMs: retryAfterMs(error) })
          pump(gate)
        }
        throw error
      },
    )
  }

  function enter<T>(gate: Gate<Ticket>, next: Next<T>, context: CallContext): Promise<T> {
    const nowMs = clock.now()
    const { route, priority } = context
    const giveUpAtMs = Math.min(nowMs + maxWaitMs, context.deadlineAtMs)
    const call: Ticket = { route, priority, context, giveUpAtMs }
    const verdict = gate.enter(call, nowMs)
    arm(gate)
    if (!verdict) return send(gate, next, context, call)
    return new Promise<void>((resolve, reject) => {
      call.resolve = resolve
      call.reject = reject
      const { code, waitMs, shed } = verdict
      if (code) return refuse(call, code, waitMs)
      call.unlink = cancellationOf(context).onAbort((reason) => {
        gate.leave(call)
        arm(gate)
        reject(reason)
      })
      emit({
        type: 'parked',
        ...factsOf(context),
        priority,
        waitMs: waitMs < Infinity ? waitMs : undefined,
        queued: gate.queue.length,
      })
      if (shed) refuse(shed, 'QUEUE_FULL', waitMs)
      watch(gate, call)
      if (isClosed) close()
    }).then(() => send(gate, next, context, call))
  }

  function close(): void {
    isClosed = true
    for (const gate of timers.keys()) {
      const { queue } = gate
      gate.queue = []
      arm(gate)
      for (const call of queue) refuse(call, 'CLOSED', Infinity)
    }
  }

  const limit: RateLimit = {
    name: 'rateLimit',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const gate = gates.get(context.key)
      if (!gate.isCalm) return enter(gate, next, context)
      return isRefusal ? send(gate, next, context) : next(context)
    },
    learn(context, response) {
      const gate = gates.get(context.key)
      if (response.refused) gate.announced++
      learn(gate, context, response)
    },
    state: (key) => stateOf(gates.peek(key), clock.now()),
    gates,
    onHeld: undefined,
    clock,
    close,
    [Symbol.dispose]: close,
  }
  return limit
}
