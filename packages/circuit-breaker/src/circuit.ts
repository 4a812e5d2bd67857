import { checkNoOther, checkNumber, type Priority, type Random } from '@evenkeel/core'
import { anyOf } from './any-of.ts'
import type { CircuitOptions } from './circuit-options.ts'
import { consecutiveFailures } from './consecutive-failures.ts'
import { failureRate } from './failure-rate.ts'
import type { Trip, TripMemory } from './trip.ts'

/** `isolated` is open by hand: no time closes it. */
export type CircuitState = 'closed' | 'open' | 'half-open' | 'isolated'

/** What the end of a call says of the server; `ignored` says nothing, and only gives a probe's lease back. */
export type CallOutcome = 'success' | 'failure' | 'ignored'

/** The state machine of one key, as data. */
export interface Circuit {
  state: CircuitState
  /** The ticket of the call admitted last; every change of state invalidates those given out. */
  generation: number
  /** Successive openings: since it last stayed closed for `maxOpenMs`. */
  openings: number
  /** When it closed; while open, when it admits a probe. */
  atMs: number
  /** The latest instant before which a failure asked to stay away. */
  notBeforeMs: number
  /** When the lease of each probe under way ends, by ticket. */
  leases: Map<number, number> | undefined
  memory: TripMemory | undefined
}

/** What every circuit of a breaker goes by: no clock, no promise, nothing kept between calls. */
export interface CircuitRules {
  readonly trip: Trip
  readonly maxOpenMs: number
  readonly separatesCritical: boolean
  /**
   * Decides on one call: 0 admits it, with `circuit.generation` as its ticket; else the milliseconds
   * until it is worth coming back, `Infinity` when no time helps.
   */
  admit(circuit: Circuit, priority: Priority, nowMs: number, random: Random): number
  /**
   * Takes in how a call ended; returns why the circuit opened, if it did. A probe that succeeded
   * closes it, unless it was slow. A ticket that is no longer valid changes nothing.
   */
  settle(
    circuit: Circuit,
    ticket: number,
    outcome: CallOutcome,
    durationMs: number,
    hintMs: number,
    nowMs: number,
    random: Random,
  ): string | undefined
  /** Opens a circuit until further notice, or closes it as if it had never opened. */
  set(circuit: Circuit, state: 'closed' | 'isolated'): void
}

/** The most of a hint that is obeyed: one longer than a day is taken for a mistake. */
export const longestHintMs = 86_400_000

/**
 * The ticket of somebody else's probe, as of another tab: while there is one, none of one's own goes.
 * Those of one's own are from 1 on.
 */
export const foreignTicket = 0

/** What the ramp starts with; it grows linearly from there, as Envoy's slow start does (`min_weight_percent`). */
const rampShare = 0.1

/** A circuit as nobody has used it yet. */
export function newCircuit(state: CircuitState = 'closed'): Circuit {
  return {
    state,
    generation: 0,
    openings: 0,
    atMs: 0,
    notBeforeMs: 0,
    leases: undefined,
    memory: undefined,
  }
}

/** Changes the state of a circuit; what it admitted before is of an older generation from now on. */
export function moveCircuit(circuit: Circuit, state: CircuitState, atMs: number): void {
  circuit.state = state
  circuit.atMs = atMs
  circuit.generation++
  circuit.leases = circuit.memory = undefined
}

/** Checks the options of a breaker once; what it returns serves any number of circuits. */
export function circuitRules({
  trip = anyOf(consecutiveFailures(), failureRate()),
  openMs = 5000,
  maxOpenMs = 30_000,
  maxProbes = 3,
  probeLeaseMs = 60_000,
  rampMs = 2000,
  separatesCritical = true,
  ...others
}: CircuitOptions = {}): CircuitRules {
  const owner = 'circuitBreaker'
  checkNoOther(owner, others)
  checkNumber(owner, 'openMs', openMs, 1)
  checkNumber(owner, 'maxOpenMs', maxOpenMs, openMs, Infinity, `≥ openMs (${openMs})`)
  checkNumber(owner, 'maxProbes', maxProbes, 1)
  checkNumber(owner, 'probeLeaseMs', probeLeaseMs, 1)
  checkNumber(owner, 'rampMs', rampMs, 0)
  return {
    trip,
    maxOpenMs,
    separatesCritical,
    admit(circuit, priority, nowMs, random) {
      if (circuit.state === 'isolated') return Infinity
      if (circuit.state === 'open') {
        if (nowMs < circuit.atMs) return circuit.atMs - nowMs
        moveCircuit(circuit, 'half-open', nowMs)
      }
      if (circuit.state === 'half-open') {
        circuit.leases ??= new Map()
        const { leases } = circuit
        for (const [ticket, endMs] of leases) if (endMs <= nowMs) leases.delete(ticket)
        // A probe seldom takes its whole lease, and one that fails opens for about this long.
        const isFull = leases.size >= maxProbes || leases.has(foreignTicket)
        for (const endMs of isFull ? leases.values() : []) return Math.min(endMs - nowMs, openMs)
        leases.set(++circuit.generation, nowMs + probeLeaseMs)
        return 0
      }
      if (!circuit.openings) return 0
      const closedForMs = nowMs - circuit.atMs
      if (closedForMs < rampMs) {
        // The share at which it is admitted: critical calls all at half, deferred ones only from there.
        const chance = random()
        const share =
          priority === 'critical' ? chance / 2 : priority === 'deferred' ? (1 + chance) / 2 : chance
        const waitMs = (rampMs * (share - rampShare)) / (1 - rampShare) - closedForMs
        return Math.max(waitMs, 0)
      }
      if (closedForMs >= maxOpenMs) circuit.openings = 0
      return 0
    },
    settle(circuit, ticket, outcome, durationMs, hintMs, nowMs, random) {
      const isProbe = circuit.state !== 'closed'
      if (isProbe ? !circuit.leases?.delete(ticket) : ticket !== circuit.generation)
        return undefined
      if (outcome === 'ignored') return undefined
      const failed = outcome === 'failure'
      if (failed && hintMs > 0)
        circuit.notBeforeMs = Math.max(circuit.notBeforeMs, nowMs + Math.min(hintMs, longestHintMs))
      let reason: string | undefined
      if (!isProbe) {
        circuit.memory ??= new Array<number>(trip.size).fill(0)
        reason = trip.record(circuit.memory, 0, failed, durationMs, nowMs)
      } else if (failed || durationMs >= trip.slowMs) reason = 'probeFailed'
      else moveCircuit(circuit, 'closed', nowMs)
      if (reason) {
        const forMs = Math.min(openMs * 2 ** circuit.openings++, maxOpenMs) * (0.8 + 0.4 * random())
        moveCircuit(circuit, 'open', Math.max(nowMs + forMs, circuit.notBeforeMs))
      }
      return reason
    },
    set(circuit, state) {
      moveCircuit(circuit, state, 0)
      circuit.openings = circuit.notBeforeMs = 0
    },
  }
}
