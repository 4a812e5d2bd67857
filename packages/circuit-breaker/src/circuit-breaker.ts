import {
  type CallContext,
  isTransient,
  KeyedState,
  type Next,
  notify,
  type Policy,
  type Priority,
  type Random,
  rejected,
  retryAfterMs,
  systemRandom,
  systemTime,
  type TimeSource,
} from '@evenkeel/core'
import {
  type CallOutcome,
  type Circuit,
  type CircuitState,
  circuitRules,
  newCircuit,
} from './circuit.ts'
import { criticalName } from './circuit-name.ts'
import { circuitOpen } from './circuit-open.ts'
import type { CircuitOptions } from './circuit-options.ts'
import { type CallFailure, isNeutral } from './classify.ts'
import type { BreakerEvent } from './events.ts'
import type { CircuitPeers } from './shared-circuits.ts'

/** What {@link circuitBreaker} can be told. */
export interface CircuitBreakerOptions extends CircuitOptions {
  /**
   * Whether a rejection counts as a failure.
   * @defaultValue what may go away (`isTransient`), but neither an abort by the caller nor what a limit turned away (429)
   */
  readonly isFailure?: ((failure: CallFailure) => boolean) | undefined
  /** How many keys to hold at most. @defaultValue 1000 */
  readonly maxKeys?: number | undefined
  /** After which rest a closed circuit is forgotten. @defaultValue 3_600_000, one hour */
  readonly idleMs?: number | undefined
  /** Told of every change of a circuit, and of every call that it turned away. */
  readonly onEvent?: ((event: BreakerEvent) => void) | undefined
  /** @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
  /** @defaultValue `systemRandom` */
  readonly random?: Random | undefined
}

/** Stops calling a server that is down, per key; one breaker may serve many pipelines. */
export interface CircuitBreaker extends Policy {
  /** The state of a key's circuit, for calls that are not critical or for those that are; `half-open` as soon as a probe may go. */
  state(key: string, priority?: Priority): CircuitState
  /** Opens both circuits of a key, or all, until {@link CircuitBreaker.reset}. */
  isolate(key?: string): void
  /** Forgets all of a key's circuits, or of all: closed, without a ramp. */
  reset(key?: string): void
  /** The circuits themselves by name, for {@link exportCircuits} and {@link restoreCircuits}. */
  readonly circuits: KeyedState<Circuit>
  /** As it was told, for the same. */
  readonly maxOpenMs: number
  /** As it was told, for the same. */
  readonly clock: TimeSource
  /** Who shares the circuits, if somebody does: set by {@link sharedCircuits}. */
  peers: CircuitPeers | undefined
}

/**
 * Lets calls through while they succeed, and none but a probe while the server is down.
 *
 * @throws `CIRCUIT_OPEN` at once, with the time at which to come back.
 */
export function circuitBreaker({
  isFailure = (failure) => isTransient(failure.error) && !isNeutral(failure),
  maxKeys,
  idleMs,
  onEvent,
  clock = systemTime,
  random = systemRandom,
  ...options
}: CircuitBreakerOptions = {}): CircuitBreaker {
  const { trip, maxOpenMs, separatesCritical, admit, settle, set } = circuitRules(options)
  let initial: CircuitState = 'closed'
  const circuits = new KeyedState(() => newCircuit(initial), {
    maxKeys,
    idleMs,
    clock,
    isNeeded: ({ state }) => state !== 'closed',
  })

  /** Under which name the circuit of a call is kept. */
  function nameOf(key: string, priority?: Priority): string {
    return separatesCritical && priority === 'critical' ? criticalName(key) : key
  }

  function end(
    circuit: Circuit,
    { key, priority }: CallContext,
    ticket: number,
    startMs: number,
    outcome: CallOutcome,
    hintMs: number,
  ): void {
    const { state, memory } = circuit
    // A success of a closed circuit needs no clock, unless its trip does.
    const isTimed =
      outcome !== 'success' || state !== 'closed' || !memory || trip.isTimed(memory, 0)
    const nowMs = isTimed ? clock.now() : 0
    const reason = settle(circuit, ticket, outcome, nowMs - startMs, hintMs, nowMs, random)
    if (circuit.state === state) return
    const name = nameOf(key, priority)
    const isCritical = name !== key
    if (reason) {
      const openMs = circuit.atMs - nowMs
      const retryAt = new Date(clock.wallNow() + openMs)
      notify(onEvent, { type: 'opened', key, isCritical, reason, openMs, retryAt })
    } else notify(onEvent, { type: 'closed', key, isCritical })
    breaker.peers?.changed(name)
  }

  function setByHand(key: string | undefined, state: 'closed' | 'isolated'): void {
    if (key === undefined) initial = state
    for (const circuit of key === undefined
      ? circuits.entries().values()
      : [circuits.get(key), circuits.get(nameOf(key, 'critical'))])
      set(circuit, state)
    notify(onEvent, { type: state === 'closed' ? 'reset' : state, key })
  }

  const breaker: CircuitBreaker = {
    name: 'circuitBreaker',
    execute<T>(next: Next<T>, context: CallContext): Promise<T> {
      const { key, priority, tag } = context
      const name = nameOf(key, priority)
      const circuit = circuits.get(name)
      if (circuit.openings || circuit.state !== 'closed') {
        const { peers } = breaker
        if (peers && !peers.isAgreed && breaker.state(name) === 'half-open')
          return peers.agree(name, () => breaker.execute(next, context))
        const { state } = circuit
        // Rounded up: who waits it out must not be early by a rounding error.
        const waitMs = Math.ceil(admit(circuit, priority, clock.now(), random))
        if (circuit.state !== state)
          notify(onEvent, { type: 'halfOpened', key, isCritical: name !== key })
        if (waitMs) {
          const error = circuitOpen(key, waitMs, clock)
          const { retryAfterMs } = error
          notify(onEvent, { type: 'rejected', key, state, retryAfterMs, priority, tag })
          return rejected(error)
        }
      }
      const ticket = circuit.generation
      const startMs = trip.slowMs < Infinity ? clock.now() : 0
      return next(context).then(
        (value) => {
          end(circuit, context, ticket, startMs, 'success', 0)
          return value
        },
        (error) => {
          const failure = { error, context }
          // Also of a callback that throws: a probe gives its lease back.
          let outcome: CallOutcome = 'failure'
          try {
            if (!isFailure(failure)) outcome = isNeutral(failure) ? 'ignored' : 'success'
          } finally {
            end(circuit, context, ticket, startMs, outcome, retryAfterMs(error) ?? 0)
          }
          throw error
        },
      )
    },
    state(key, priority) {
      const { state, atMs } = circuits.peek(nameOf(key, priority)) ?? newCircuit(initial)
      return state === 'open' && clock.now() >= atMs ? 'half-open' : state
    },
    isolate: (key) => setByHand(key, 'isolated'),
    reset: (key) => setByHand(key, 'closed'),
    circuits,
    maxOpenMs,
    clock,
    peers: undefined,
  }
  return breaker
}
