import { type Acknowledgement, type Alert, type AlertEvent, onCall } from './alert.ts'
import type { CascadeOptions } from './cascade-options.ts'
import { type AlertKind, type Finding, isWorse, rankOf } from './finding.ts'

/** One moment by two clocks. */
export interface Moment {
  /** Of the clock that waits are measured by, in ms. */
  readonly nowMs: number
  /** Epoch ms, for people. */
  readonly wallMs: number
}

interface Open {
  alert: Alert
  /** Looks in a row that have found nothing. */
  quietTicks: number
  /** Looks in a row that have found it less severe. */
  easedTicks: number
  /** Since when nobody has it, by the clock of waits. */
  firingSinceMs: number
}

/** What is over, and may return. */
interface Over {
  readonly open: Open
  readonly overAtMs: number
}

type Change = Omit<AlertEvent, 'atMs'>
type AlertOptions = Pick<CascadeOptions, 'clearTicks' | 'returnMs' | 'escalateMs'>

const maxHistory = 100

/** Keeps what was found from coming and going with every look, passes on what nobody takes, and remembers what is over. */
export class Alerts {
  readonly #open = new Map<AlertKind, Open>()
  /** The newest of each kind. */
  readonly #over = new Map<AlertKind, Over>()
  readonly #raised = new Map<AlertKind, number>()
  readonly #escalated = new Map<AlertKind, number>()
  #history: Alert[] = []
  #lastId = 0

  /** The worst first, of these what nobody has taken on, then the oldest. */
  get active(): Alert[] {
    return [...this.#open.values()]
      .map(({ alert }) => alert)
      .sort(
        (a, b) =>
          rankOf(b.severity) - rankOf(a.severity) ||
          Number(a.state !== 'firing') - Number(b.state !== 'firing') ||
          a.id - b.id,
      )
  }

  /** The latest hundred that are over, the newest first. */
  get history(): readonly Alert[] {
    return this.#history
  }

  /** How often each has been raised. */
  get raised(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#raised)
  }

  /** How often each has been passed on. */
  get escalated(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#escalated)
  }

  /** Finds one that is open, or among those that are remembered. */
  find(id: number): Alert | undefined {
    return [...this.active, ...this.#history].find((alert) => alert.id === id)
  }

  /** Takes in what one look has found, and tells what has changed. */
  update(findings: readonly Finding[], options: AlertOptions, moment: Moment): AlertEvent[] {
    const changes: (Change | undefined)[] = []
    for (const found of findings) {
      const open = this.#open.get(found.kind)
      if (open) changes.push(revise(open, found, options.clearTicks, moment.nowMs))
      else changes.push(this.#return(found, options, moment) ?? this.#raise(found, moment))
    }
    for (const [kind, open] of this.#open) {
      if (findings.some((found) => found.kind === kind)) {
        open.quietTicks = 0
        changes.push(this.#escalate(open, options, moment))
      } else if (++open.quietTicks >= options.clearTicks) {
        changes.push(this.#clear(open, moment))
      }
    }
    return changes.flatMap((change) => (change ? { atMs: moment.wallMs, ...change } : []))
  }

  /** Notes who has an open alert, in place of whoever had it before; `undefined` when it is not open. */
  acknowledge(id: number, by: Acknowledgement, wallMs: number): AlertEvent | undefined {
    const open = [...this.#open.values()].find(({ alert }) => alert.id === id)
    if (!open) return undefined
    const { severity } = open.alert
    const acknowledged = { atMs: wallMs, severity, ...by }
    open.alert = { ...open.alert, state: 'acknowledged', acknowledged }
    return { atMs: wallMs, change: 'acknowledged', alert: open.alert }
  }

  #raise(found: Finding, { nowMs, wallMs }: Moment): Change {
    const alert: Alert = {
      id: ++this.#lastId,
      state: 'firing',
      ...found,
      sinceMs: wallMs,
      untilMs: undefined,
      worst: found,
      acknowledged: undefined,
      escalation: 0,
    }
    this.#open.set(found.kind, { alert, quietTicks: 0, easedTicks: 0, firingSinceMs: nowMs })
    count(this.#raised, found.kind)
    return { change: 'raised', alert }
  }

  #return(found: Finding, { returnMs }: AlertOptions, { nowMs }: Moment): Change | undefined {
    const over = this.#over.get(found.kind)
    if (!over || nowMs - over.overAtMs > returnMs) return undefined
    const { open } = over
    const { id, acknowledged } = open.alert
    this.#over.delete(found.kind)
    this.#history = this.#history.filter((alert) => alert.id !== id)
    this.#open.set(found.kind, open)
    const state = acknowledged ? 'acknowledged' : 'firing'
    open.alert = { ...open.alert, state, untilMs: undefined, severity: found.severity }
    revise(open, found, 1, nowMs)
    return { change: 'returned', alert: open.alert }
  }

  #escalate(open: Open, { escalateMs }: AlertOptions, { nowMs }: Moment): Change | undefined {
    const { state, severity, escalation, kind } = open.alert
    if (state !== 'firing') return undefined
    const periods = Math.floor((nowMs - open.firingSinceMs) / escalateMs[severity])
    // One at a time, however late this look is: nobody is passed over.
    if (Math.min(periods, onCall.length - 1) <= escalation) return undefined
    open.alert = { ...open.alert, escalation: escalation + 1 }
    count(this.#escalated, kind)
    return { change: 'escalated', alert: open.alert }
  }

  #clear(open: Open, { nowMs, wallMs }: Moment): Change {
    const alert: Alert = { ...open.alert, state: 'resolved', untilMs: wallMs }
    this.#open.delete(alert.kind)
    this.#over.set(alert.kind, { open, overAtMs: nowMs })
    this.#history = [alert, ...this.#history].slice(0, maxHistory)
    return { change: 'cleared', alert }
  }
}

/** Takes in what was found of an alert that is open. */
function revise(open: Open, found: Finding, clearTicks: number, nowMs: number): Change | undefined {
  const { severity: before, worst, acknowledged } = open.alert
  const eases = rankOf(found.severity) < rankOf(before)
  open.easedTicks = eases ? open.easedTicks + 1 : 0
  const severity = eases && open.easedTicks < clearTicks ? before : found.severity
  open.alert = {
    ...open.alert,
    ...found,
    severity,
    ...(isWorse(found, worst) && { worst: found }),
  }
  if (acknowledged && rankOf(severity) > rankOf(acknowledged.severity)) {
    open.alert = { ...open.alert, state: 'firing', acknowledged: undefined }
    open.firingSinceMs = nowMs
  }
  if (severity === before) return undefined
  return { change: eases ? 'eased' : 'worsened', alert: open.alert }
}

function count(counts: Map<AlertKind, number>, kind: AlertKind): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1)
}
