import { type AlertKind, type Finding, isWorse, rankOf } from './finding.ts'

/** Something that was found, until it has been gone for a while. */
export interface Alert extends Finding {
  /** Epoch ms. */
  readonly sinceMs: number
  /** When it was over; `undefined` while it is not. */
  readonly untilMs: number | undefined
  /** The worst it has been. */
  readonly worst: Pick<Finding, 'severity' | 'value' | 'text'>
}

/** A change that somebody should know of. */
export interface AlertEvent {
  readonly atMs: number
  readonly change: 'raised' | 'worsened' | 'eased' | 'cleared'
  readonly alert: Alert
}

interface Open {
  alert: Alert
  /** Looks in a row that have found nothing. */
  quietTicks: number
  /** Looks in a row that have found it less severe. */
  easedTicks: number
}

const maxHistory = 100

/** Keeps what was found from coming and going with every look, and remembers what is over. */
export class Alerts {
  readonly #open = new Map<AlertKind, Open>()
  #history: Alert[] = []
  #raised = new Map<AlertKind, number>()

  /** The worst first, then the oldest. */
  get active(): Alert[] {
    return [...this.#open.values()]
      .map(({ alert }) => alert)
      .sort((a, b) => rankOf(b.severity) - rankOf(a.severity) || a.sinceMs - b.sinceMs)
  }

  /** The latest hundred that are over, the newest first. */
  get history(): readonly Alert[] {
    return this.#history
  }

  /** How often each has been raised. */
  get raised(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#raised)
  }

  /** Takes in what one look has found, and tells what has changed. */
  update(findings: readonly Finding[], clearTicks: number, atMs: number): AlertEvent[] {
    const events: AlertEvent[] = []
    for (const found of findings) {
      const open = this.#open.get(found.kind)
      if (!open) {
        const alert: Alert = { ...found, sinceMs: atMs, untilMs: undefined, worst: found }
        this.#open.set(found.kind, { alert, quietTicks: 0, easedTicks: 0 })
        this.#raised.set(found.kind, (this.#raised.get(found.kind) ?? 0) + 1)
        events.push({ atMs, change: 'raised', alert })
        continue
      }
      const { severity: before, worst } = open.alert
      const eases = rankOf(found.severity) < rankOf(before)
      open.quietTicks = 0
      open.easedTicks = eases ? open.easedTicks + 1 : 0
      const severity = eases && open.easedTicks < clearTicks ? before : found.severity
      open.alert = {
        ...open.alert,
        ...found,
        severity,
        ...(isWorse(found, worst) && { worst: found }),
      }
      if (severity === before) continue
      events.push({ atMs, change: eases ? 'eased' : 'worsened', alert: open.alert })
    }
    for (const [kind, open] of this.#open) {
      if (findings.some((found) => found.kind === kind) || ++open.quietTicks < clearTicks) continue
      this.#open.delete(kind)
      const alert = { ...open.alert, untilMs: atMs }
      this.#history = [alert, ...this.#history].slice(0, maxHistory)
      events.push({ atMs, change: 'cleared', alert })
    }
    return events
  }
}
