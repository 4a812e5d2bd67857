import { remainingMs } from '@evenkeel/core/persistence'
import { type Circuit, type CircuitState, longestHintMs, moveCircuit } from './circuit.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import { criticalName } from './circuit-name.ts'

/** The circuits that are not simply closed: plain JSON, by the wall clock, so that it outlives a reload. */
export interface BreakerSnapshot {
  readonly version: 1
  /** Milliseconds since 1970. */
  readonly savedAtMs: number
  readonly circuits: readonly CircuitSnapshot[]
}

/** One circuit of a {@link BreakerSnapshot}. */
export interface CircuitSnapshot {
  /** The key, with ` critical` after it for the circuit of its critical calls. */
  readonly key: string
  readonly state: 'closed' | 'open' | 'isolated'
  /** Successive openings. */
  readonly openings: number
  /** When it closed; while open, when it admits a probe: milliseconds since 1970. */
  readonly atMs: number
}

/** Keeps what is worth keeping of a breaker's circuits, or of those of one key, for after a reload or for another tab. */
export function exportCircuits(
  { circuits, clock }: CircuitBreaker,
  only?: string | undefined,
): BreakerSnapshot {
  const savedAtMs = clock.wallNow()
  const wallOffsetMs = savedAtMs - clock.now()
  return {
    version: 1,
    savedAtMs,
    circuits: [...circuits.entries()].flatMap(([key, { state, openings, atMs }]) =>
      (state === 'closed' && !openings) ||
      !(only === undefined || key === only || key === criticalName(only))
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
 * Takes in what {@link exportCircuits} kept, as far as it is news: of what is known of a circuit and what
 * was saved, that with the later instant holds, so that news may come in any order and more than once.
 * Ignores what is malformed or of a later version, and what ended longer ago than a circuit must stay
 * closed to be as good as new.
 *
 * @returns whether it was a snapshot at all
 */
export function restoreCircuits(
  { circuits, maxOpenMs, clock }: CircuitBreaker,
  snapshot: unknown,
): boolean {
  const { version, savedAtMs, circuits: saved } = Object(snapshot) as Partial<BreakerSnapshot>
  if (version !== 1 || !Array.isArray(saved)) return false
  const [nowMs, wallNowMs] = [clock.now(), clock.wallNow()]
  for (const each of saved as unknown[]) {
    const { key, state, openings, atMs } = Object(each) as Partial<CircuitSnapshot>
    if (typeof key !== 'string' || !isNumber(atMs) || !isNumber(openings)) continue
    const leftMs = remainingMs(atMs, isNumber(savedAtMs) ? savedAtMs : -Infinity, wallNowMs)
    if (state !== 'isolated' && !(leftMs >= -maxOpenMs && /^(closed|open)$/.test(`${state}`)))
      continue
    const circuit = circuits.get(key)
    // A wall clock that was set back must neither ramp from the future nor keep a circuit open for years.
    const newAtMs = nowMs + Math.min(leftMs, state === 'open' ? longestHintMs : 0)
    const isSame = (state === 'closed') === (circuit.state === 'closed')
    const newsFromMs = knownAtMs(circuit, nowMs) + (isSame ? sameMs : -sameMs)
    if (circuit.state === 'isolated' || newAtMs < newsFromMs) continue
    moveCircuit(circuit, state as CircuitState, newAtMs)
    circuit.openings = Math.max(openings, 0)
  }
  return true
}

/** How far apart two tabs may see the same instant, by clocks that tick in milliseconds. */
const sameMs = 5

/** Since when a circuit is as it is: news must be later. */
function knownAtMs({ generation, memory, atMs }: Circuit, nowMs: number): number {
  if (generation) return atMs
  // It has always been closed; calls that have gone well say more than an opening that is over.
  return memory ? nowMs : -Infinity
}

const isNumber = (value: unknown): value is number => Number.isFinite(value)
