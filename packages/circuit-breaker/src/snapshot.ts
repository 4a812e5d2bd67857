import { type CircuitState, longestHintMs, moveCircuit } from './circuit.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'

/** The circuits that are not simply closed: plain JSON, by the wall clock, so that it outlives a reload. */
export interface BreakerSnapshot {
  readonly version: 1
  readonly circuits: readonly CircuitSnapshot[]
}

/** One circuit of a {@link BreakerSnapshot}. */
export interface CircuitSnapshot {
  readonly key: string
  readonly state: 'closed' | 'open' | 'isolated'
  /** Successive openings. */
  readonly openings: number
  /** When it closed; while open, when it admits a probe: milliseconds since 1970. */
  readonly atMs: number
}

/** Keeps what is worth keeping of a breaker's circuits, for after a reload or for another tab. */
export function exportCircuits({ circuits, clock }: CircuitBreaker): BreakerSnapshot {
  const wallOffsetMs = clock.wallNow() - clock.now()
  return {
    version: 1,
    circuits: [...circuits.entries()].flatMap(([key, { state, openings, atMs }]) =>
      state === 'closed' && !openings
        ? []
        : {
            key,
            // A probe under way is of no use elsewhere: whoever restores this may send its own.
            state: state === 'half-open' ? 'open' : state,
            openings,
            atMs: atMs + wallOffsetMs,
          },
    ),
  }
}

/**
 * Puts back what {@link exportCircuits} kept: replaces the circuits it names. Ignores what is malformed
 * or of a later version, and what ended longer ago than a circuit must stay closed to be as good as new.
 */
export function restoreCircuits(
  { circuits, maxOpenMs, clock }: CircuitBreaker,
  snapshot: unknown,
): void {
  const saved = snapshot as Partial<BreakerSnapshot> | null | undefined
  if (saved?.version !== 1 || !Array.isArray(saved.circuits)) return
  for (const each of saved.circuits as (Partial<CircuitSnapshot> | null)[]) {
    const { key, state, openings, atMs } = each ?? {}
    if (typeof key !== 'string' || !Number.isFinite(atMs) || !Number.isFinite(openings)) continue
    const agoMs = clock.wallNow() - (atMs as number)
    if (state !== 'isolated' && !(agoMs <= maxOpenMs && /^(closed|open)$/.test(`${state}`)))
      continue
    const circuit = circuits.get(key)
    // A wall clock that was set back must neither ramp from the future nor keep a circuit open for years.
    const sinceMs = Math.max(agoMs, state === 'open' ? -longestHintMs : 0)
    moveCircuit(circuit, state as CircuitState, clock.now() - sinceMs)
    circuit.openings = Math.max(openings as number, 0)
  }
}
