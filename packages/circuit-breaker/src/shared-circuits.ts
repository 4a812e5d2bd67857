import type { StatePart } from '@evenkeel/core/persistence'
import { foreignTicket, moveCircuit } from './circuit.ts'
import type { CircuitBreaker } from './circuit-breaker.ts'
import { exportCircuits, restoreCircuits } from './snapshot.ts'

/** What a breaker tells and asks those who share its circuits. */
export interface CircuitPeers {
  /** Whether it has been agreed on who sends the probe that is due. */
  readonly isAgreed: boolean
  /** A circuit has opened or closed. */
  changed(key: string): void
  /** Calls `execute` when it is known whether this probe may go; an agreement holds for that call alone. */
  agree<T>(key: string, execute: () => Promise<T>): Promise<T>
}

/** For how long somebody else's probe is waited for before it is asked again who sends one. */
const foreignMs = 5000

/**
 * Lets the circuits of a breaker outlive a reload and be one for all tabs, by `shareState` of
 * `@evenkeel/core/persistence`: one opens and closes in all of them, and one probe goes for all.
 *
 * What was isolated by hand stays so in its own tab.
 */
export function sharedCircuits(breaker: CircuitBreaker): StatePart {
  const { circuits, clock } = breaker

  /** Notes that somebody else probes, or that nobody does any more. */
  function note(key: string, isForeign: boolean): void {
    const circuit = circuits.get(key)
    circuit.leases?.delete(foreignTicket)
    // By now there may be news.
    if (!isForeign || breaker.state(key) !== 'half-open') return
    if (circuit.state === 'open') moveCircuit(circuit, 'half-open', circuit.atMs)
    circuit.leases ??= new Map()
    circuit.leases.set(foreignTicket, clock.now() + foreignMs)
  }

  return {
    name: 'circuits',
    save() {
      const saved = exportCircuits(breaker)
      const circuits = saved.circuits.filter(({ state }) => state !== 'isolated')
      return circuits.length ? { ...saved, circuits } : undefined
    },
    load: (saved) => restoreCircuits(breaker, saved),
    connect({ changed, claim }) {
      const peers = {
        isAgreed: false,
        changed: (key: string): void => changed(exportCircuits(breaker, key)),
        async agree<T>(key: string, execute: () => Promise<T>): Promise<T> {
          const release = await claim(key)
          note(key, !release)
          peers.isAgreed = true
          try {
            const result = execute()
            peers.isAgreed = false
            return await result
          } finally {
            peers.isAgreed = false
            release?.()
          }
        },
      }
      breaker.peers = peers
      return () => {
        breaker.peers = undefined
      }
    },
  }
}
