import {
  type CallContext,
  cancellationOf,
  checkNoOther,
  checkNumber,
  KeyedState,
  type Next,
  notify,
  refusal,
  timeoutClock,
} from '@evenkeel/core'
import type { Bulkhead, BulkheadOptions } from './bulkhead-options.ts'
import { type CallOutcome, Compartment } from './compartment.ts'
import type { BulkheadEvent } from './events.ts'
import type { NoRoomCode } from './no-room-code.ts'
import { isTransientFailure, outcomeOf } from './outcome-of.ts'
import type { Ticket } from './ticket.ts'

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
  ...others
}: BulkheadOptions = {}): Bulkhead {
  checkNoOther('bulkhead', others)
  const isAdaptive = typeof limit === 'function'
  const limitOf = isAdaptive ? limit : () => ({ value: limit })
  const least = isAdaptive ? 0 : 1
  // `aimd` for `aimd()` would have none: no call would ever start.
  checkNumber('bulkhead', isAdaptive ? 'limit().value' : 'limit', limitOf().value, least)
  const rules = { maxQueued, agingMs, slowStart }
  for (const [name, value] of Object.entries({ maxQueued, maxWaitMs, agingMs }))
    checkNumber('bulkhead', name, value, 0)
  const create = (): Compartment<Ticket> => new Compartment(limitOf(), rules)
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
    ticket.compartment.leave(ticket)
    ticket.timer?.cancel()
    ticket.unlink?.()
  }

  function refuse(ticket: Ticket, code: NoRoomCode): void {
    const { compartment, facts, priority } = ticket
    settle(ticket)
    const waitMs = code === 'CLOSED' ? undefined : compartment.waitMs(priority, clock.now())
    // Up: who waits it out must not be early.
    const retryAfterMs = waitMs && Math.ceil(waitMs)
    const { inFlight, queued } = compartment
    const message = `No room for a call to ${facts.key}: ${inFlight} are under way, ${queued} wait`
    ticket.reject(refusal(code, message, { key: facts.key, retryAfterMs, clock }))
    emit({ type: 'shed', ...facts, code, retryAfterMs })
  }

  /** While there is room for all, a fixed limit needs no clock. */
  const timeFor = ({ isTimed }: Compartment<Ticket>): number => (isTimed ? clock.now() : 0)

  /** A call is over: its place is for those that wait. */
  function end(
    { key }: CallContext,
    compartment: Compartment<Ticket>,
    startMs: number,
    outcome: CallOutcome,
  ): void {
    const nowMs = timeFor(compartment)
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
    const startMs = timeFor(compartment)
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
      const latestMs = nowMs + maxWaitMs
      const ticket: Ticket = {
        priority,
        enteredAtMs: nowMs,
        giveUpAtMs: Math.min(latestMs, deadlineAtMs),
        lateCode: deadlineAtMs < latestMs ? 'DEADLINE_EXCEEDED' : 'BULKHEAD_FULL',
        compartment,
        facts: { key, priority, tag },
        start,
        reject,
      }
      if (isClosed) return refuse(ticket, 'CLOSED')
      const { waitMs, shed, code = ticket.lateCode } = compartment.enter(ticket, nowMs)
      if (shed !== ticket) {
        waiting.add(ticket)
        ticket.timer = clock.scheduleAt(ticket.giveUpAtMs, () => refuse(ticket, ticket.lateCode))
        ticket.unlink = cancellationOf(context).onAbort((reason) => {
          settle(ticket)
          reject(reason)
        })
      }
      if (shed) refuse(shed, code)
      // Who hears of the one may have ended the other.
      if (waiting.has(ticket))
        emit({ type: 'queued', ...ticket.facts, waitMs, queued: compartment.queued })
    }).then(() => send(next, context, compartment))
  }

  function close(): void {
    isClosed = true
    for (const ticket of waiting) refuse(ticket, 'CLOSED')
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
