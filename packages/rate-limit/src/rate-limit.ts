import {
  type CallContext,
  cancellationOf,
  checkNumber,
  errorCode,
  isThrottled,
  isTransient,
  KeyedState,
  type Next,
  notify,
  reached,
  retryAfterMs,
  systemClock,
  systemRandom,
  type Timer,
} from '@evenkeel/core'
import { Gate } from './gate.ts'
import type { Outcome, ResponseLimits } from './limit.ts'
import type { LearnContext, RateLimit, RateLimitOptions } from './rate-limit-options.ts'
import { Ticket } from './ticket.ts'

/** A gate with the one timer of all who wait at it. */
class TimedGate extends Gate {
  timer: Timer | undefined
  /** How many refusals `learn` has announced: the failure that follows is no news. */
  announced = 0
}

// Of what evenkeel itself throws, only a host's error is the server's word.
const isServers = ({ error }: { error: unknown }): boolean =>
  (isThrottled(error) || retryAfterMs(error) !== undefined) &&
  /^(HTTP_STATUS)?$/.test(errorCode(error) ?? '')

// A host's error stands for an answer.
function outcomeOf(error: unknown): Outcome {
  if (errorCode(error) !== 'HTTP_STATUS' && reached(error) === 'no') return 'unsent'
  if (isTransient(error)) return 'rejected'
  return reached(error) === 'yes' ? 'accepted' : 'unknown'
}

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
  isRefusal = isServers,
  maxKeys,
  idleMs,
  onEvent,
  clock = systemClock,
  random = systemRandom,
}: RateLimitOptions = {}): RateLimit {
  checkNumber('rateLimit', 'maxWaitMs', maxWaitMs, 0)
  checkNumber('rateLimit', 'maxQueued', maxQueued, 0)
  checkNumber('rateLimit', 'rampMs', rampMs, 0)
  const emit = (event: Parameters<NonNullable<typeof onEvent>>[0]): void => notify(onEvent, event)
  const rules = { limits, maxQueued, rampMs, random, emit }
  const gates = new KeyedState((key) => new TimedGate(key, rules), {
    maxKeys,
    idleMs,
    isNeeded: (gate) => gate.isNeeded(clock.now()),
    clock,
  })
  /** Gates with a queue: also of keys that there is no more room for. */
  const waiting = new Set<TimedGate>()
  let isClosed = false

  /** Sees to it that the gate is looked at when it must be. */
  function arm(gate: TimedGate): void {
    gate.timer?.cancel()
    gate.timer = undefined
    if (!gate.queue.length) waiting.delete(gate)
    else {
      waiting.add(gate)
      gate.timer = clock.scheduleAt(gate.nextAtMs, () => pump(gate))
    }
  }

  function pump(gate: TimedGate): void {
    if (!gate.queue.length) return
    gate.pump(clock.now())
    arm(gate)
  }

  function learn(
    gate: TimedGate,
    { key, route, tag }: LearnContext,
    response: ResponseLimits,
  ): void {
    const { refused, retryAfterMs, scope } = response
    if (gate.isCalm && !refused) return
    gate.learn(route, response, clock.now())
    if (refused) emit({ type: 'limited', key, route, tag, retryAfterMs, scope })
    pump(gate)
  }

  function failed(
    gate: TimedGate,
    context: CallContext,
    announced: number,
    call: Ticket | undefined,
    error: unknown,
  ): never {
    const isNews = gate.announced === announced
    const isRefused = isNews && isRefusal({ error, context })
    if (call) {
      gate.ended(call, isRefused ? 'rejected' : outcomeOf(error), clock.now())
    }
    if (isRefused) learn(gate, context, { refused: true, retryAfterMs: retryAfterMs(error) })
    pump(gate)
    throw error
  }

  /** Starts a call that the gate has let through. */
  function send<T>(gate: TimedGate, next: Next<T>, context: CallContext, call: Ticket): Promise<T> {
    const { announced } = gate
    const { refusals } = gate.cooldown
    return next(context).then(
      (value) => {
        gate.ended(call, 'accepted', clock.now())
        // A success ends the row of refusals, unless the call is older than the last of them.
        if (refusals === gate.cooldown.refusals) gate.cooldown.refusals = 0
        pump(gate)
        return value
      },
      (error) => failed(gate, context, announced, call, error),
    )
  }

  function wait<T>(gate: TimedGate, next: Next<T>, context: CallContext): Promise<T> {
    const nowMs = clock.now()
    const call = new Ticket(context, Math.min(nowMs + maxWaitMs, context.deadlineAtMs), emit, clock)
    const verdict = gate.enter(call, nowMs)
    if (!verdict) {
      arm(gate)
      return send(gate, next, context, call)
    }
    if (verdict.code) return Promise.reject(call.refusal(verdict.code, verdict.waitMs))
    const turn = call.park(cancellationOf(context), () => {
      gate.leave(call)
      arm(gate)
    })
    arm(gate)
    call.parked(verdict.waitMs, gate.queue.length)
    verdict.shed?.refuse('QUEUE_FULL', verdict.waitMs)
    if (isClosed) close()
    return turn.then(() => send(gate, next, context, call))
  }

  function close(): void {
    isClosed = true
    for (const gate of waiting) {
      const { queue } = gate
      gate.queue = []
      arm(gate)
      for (const call of queue) call.refuse('CLOSED', Infinity)
    }
  }

  return {
    name: 'rateLimit',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const gate = gates.get(context.key)
      if (!gate.isCalm) return wait(gate, next, context)
      const { announced } = gate
      return next(context).then(undefined, (error) =>
        failed(gate, context, announced, undefined, error),
      )
    },
    learn(context, response) {
      const gate = gates.get(context.key)
      if (response.refused) gate.announced++
      learn(gate, context, response)
    },
    state(key) {
      const gate = gates.peek(key)
      const nowMs = clock.now()
      return {
        cooldownMs: gate ? Math.max(0, gate.cooldown.untilMs - nowMs) : 0,
        queued: gate?.queue.length ?? 0,
        buckets: gate?.limits.flatMap((limit) => limit.buckets?.(nowMs) ?? []) ?? [],
      }
    },
    close,
    [Symbol.dispose]: close,
  }
}
