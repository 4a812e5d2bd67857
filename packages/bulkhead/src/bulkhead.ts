import {
  type CallContext,
  cancellationOf,
  checkNumber,
  KeyedState,
  type Next,
  notify,
  type Release,
  type Timer,
  timeoutClock,
} from '@evenkeel/core'
import type { Bulkhead, BulkheadOptions } from './bulkhead-options.ts'
import { type CallOutcome, Compartment, type WaitingCall } from './compartment.ts'
import type { BulkheadEvent, QueuedCallFacts } from './events.ts'
import { type NoRoomCode, noRoom } from './no-room.ts'
import { isTransientFailure, outcomeOf } from './outcome-of.ts'

/** A call of an app: its wait is a promise. */
interface Ticket extends WaitingCall<Ticket> {
  readonly compartment: Compartment<Ticket>
  readonly facts: QueuedCallFacts
  readonly start: () => void
  readonly reject: (reason: unknown) => void
  timer?: Timer
  unlink?: Release
}

/**
 * Lets so many calls of a key be under way at once; the others wait, the more important first. When too
 * many wait, the least important go.
 *
 * @throws `BULKHEAD_FULL` when calls at least as important fill the queue, or no turn came within
 * `maxWaitMs`; `DEADLINE_EXCEEDED` as soon as it is known that the turn comes too late; `CLOSED` after
 * `close()`; each but the last with `retryAt`, once the speed of the queue is known.
 */
export function bulkhead({
  limit = 10,
  maxQueued = 'document' in globalThis ? 100 : 1000,
  maxWaitMs = 60_000,
  agingMs = 5000,
  slowStart = true,
  isFailure = isTransientFailure,
  maxKeys,
  idleMs,
  onEvent,
  clock = timeoutClock,
}: BulkheadOptions = {}): Bulkhead {
  const isAdaptive = typeof limit === 'function'
  if (!isAdaptive) checkNumber('bulkhead', 'limit', limit, 1)
  // `aimd` for `aimd()` would have none: no call would ever start.
  else checkNumber('bulkhead', 'limit().value', limit().value, -Infinity, Infinity, 'a number')
  checkNumber('bulkhead', 'maxQueued', maxQueued, 0)
  checkNumber('bulkhead', 'maxWaitMs', maxWaitMs, 0)
  checkNumber('bulkhead', 'agingMs', agingMs, 0)
  const rules = { maxQueued, agingMs, slowStart }
  const create = (): Compartment<Ticket> =>
    new Compartment(isAdaptive ? limit() : { value: limit }, rules)
  const compartments = new KeyedState(create, {
    maxKeys,
    idleMs,
    isNeeded: ({ inFlight }) => inFlight > 0,
    clock,
  })
  const waiting = new Set<Ticket>()
  let isClosed = false
  const emit = (event: BulkheadEvent): void => notify(onEvent, event)

  /** A call does not wait any more. */
  function settle(ticket: Ticket): void {
    waiting.delete(ticket)
    ticket.timer?.cancel()
    ticket.unlink?.()
  }

  function refuse(ticket: Ticket, code: NoRoomCode, waitMs?: number): void {
    const { facts, compartment, reject } = ticket
    settle(ticket)
    // Up: who waits it out must not be early.
    const retryAfterMs = waitMs && Math.ceil(waitMs)
    reject(noRoom(code, facts.key, compartment, retryAfterMs, clock))
    emit({ type: 'shed', ...facts, code, retryAfterMs })
  }

  function end(
    { key }: CallContext,
    compartment: Compartment<Ticket>,
    startMs: number,
    outcome: CallOutcome,
  ): void {
    // While there is room for all, a fixed limit needs no clock.
    const nowMs = isAdaptive || compartment.isWanted ? clock.now() : 0
    compartment.end(outcome, nowMs - startMs, nowMs)
    const { capacity, told } = compartment
    compartment.told = capacity
    if (capacity !== told) emit({ type: 'limitChanged', key, limit: capacity })
    for (let each = compartment.next(nowMs); each; each = compartment.next(nowMs)) {
      if (nowMs < each.giveUpAtMs) {
        settle(each)
        emit({ type: 'dequeued', ...each.facts, waitedMs: nowMs - each.enteredAtMs })
        each.start()
      } else {
        // The process was busy, and its timer is late.
        compartment.inFlight--
        refuse(each, each.lateCode)
      }
    }
  }

  function send<T>(
    next: Next<T>,
    context: CallContext,
    compartment: Compartment<Ticket>,
  ): Promise<T> {
    const startMs = isAdaptive ? clock.now() : 0
    let result: Promise<T>
    try {
      result = next(context)
    } catch (error) {
      // A place that nobody gave back would be lost for good.
      result = Promise.reject(error)
    }
    return result.then(
      (value) => {
        end(context, compartment, startMs, 'answered')
        return value
      },
      (error) => {
        let outcome: CallOutcome = 'ignored'
        try {
          outcome = outcomeOf({ error, context }, isFailure)
        } finally {
          end(context, compartment, startMs, outcome)
        }
        throw error
      },
    )
  }

  function park<T>(
    next: Next<T>,
    context: CallContext,
    compartment: Compartment<Ticket>,
  ): Promise<T> {
    // Sent by its own promise, not by who made room for it: see `timersEndWithRequest`.
    return new Promise<void>((start, reject) => {
      const { key, priority, tag, deadlineAtMs } = context
      const nowMs = clock.now()
      const giveUpAtMs = Math.min(nowMs + maxWaitMs, deadlineAtMs)
      const ticket: Ticket = {
        priority,
        enteredAtMs: nowMs,
        giveUpAtMs,
        lateCode: giveUpAtMs < nowMs + maxWaitMs ? 'DEADLINE_EXCEEDED' : 'BULKHEAD_FULL',
        compartment,
        facts: { key, priority, tag },
        start,
        reject,
      }
      if (isClosed) return refuse(ticket, 'CLOSED')
      const { code, waitMs, shed } = compartment.enter(ticket, nowMs)
      if (code) return refuse(ticket, code, waitMs)
      if (shed) refuse(shed, 'BULKHEAD_FULL', compartment.waitMs(shed.priority, nowMs))
      waiting.add(ticket)
      const giveUp = (): void => {
        compartment.leave(ticket)
        refuse(ticket, ticket.lateCode, compartment.waitMs(priority, clock.now()))
      }
      ticket.timer = clock.scheduleAt(giveUpAtMs, giveUp)
      ticket.unlink = cancellationOf(context).onAbort((reason) => {
        compartment.leave(ticket)
        settle(ticket)
        reject(reason)
      })
      emit({ type: 'queued', ...ticket.facts, waitMs, queued: compartment.queued })
    }).then(() => send(next, context, compartment))
  }

  function close(): void {
    isClosed = true
    for (const ticket of waiting) {
      ticket.compartment.leave(ticket)
      refuse(ticket, 'CLOSED')
    }
  }

  return {
    name: 'bulkhead',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const compartment = compartments.get(context.key)
      return (compartment.start() ? send : park)(next, context, compartment)
    },
    state(key) {
      const { inFlight, capacity, queued } = compartments.peek(key) ?? create()
      return { inFlight, limit: capacity, queued }
    },
    close,
    [Symbol.dispose]: close,
  }
}
