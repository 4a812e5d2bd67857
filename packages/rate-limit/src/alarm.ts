import { type Clock, type Timer, timersEndWithRequest } from '@evenkeel/core'
import type { Gate } from './gate.ts'
import type { Ticket } from './ticket.ts'

/** Sees to it that gates are looked at when they must be. */
export interface Alarm {
  /** Sets the timer of a gate anew, after whatever may have changed when it must be looked at. */
  set(gate: Gate<Ticket>): void
  /** Starts whoever's turn has come at a gate. */
  pump(gate: Gate<Ticket>): void
  /** Sees to it that a call which waits is not forgotten when another's request ends. */
  watch(gate: Gate<Ticket>, call: Ticket): void
  /** Of the gates with a queue, also those of keys that there is no more room for. */
  readonly timers: ReadonlyMap<Gate<Ticket>, Timer>
}

/** One timer for each gate with a queue. */
export function newAlarm(clock: Clock): Alarm {
  const timers = new Map<Gate<Ticket>, Timer>()

  function set(gate: Gate<Ticket>): void {
    timers.get(gate)?.cancel()
    timers.delete(gate)
    if (gate.queue.length)
      timers.set(
        gate,
        clock.scheduleAt(gate.nextAtMs, () => pump(gate)),
      )
  }

  function pump(gate: Gate<Ticket>): void {
    if (!gate.queue.length) return
    gate.pump(clock.now())
    set(gate)
  }

  function watch(gate: Gate<Ticket>, call: Ticket): void {
    if (!timersEndWithRequest) return
    clock.scheduleAt(gate.nextAtMs, () => {
      pump(gate)
      if (gate.queue.includes(call)) watch(gate, call)
    })
  }

  return { set, pump, watch, timers }
}
