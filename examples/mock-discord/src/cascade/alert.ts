import { type Reader, singleLine, whole } from '../options/readers.ts'
import type { Finding, Severity } from './finding.ts'

/** Who is told of an alert: the first at once, the next ones when nobody takes it. */
export const onCall = ['first on call', 'second on call', 'incident lead'] as const

/** Whether somebody has taken it on, or it is over. */
export type AlertState = 'firing' | 'acknowledged' | 'resolved'

/** Who takes an alert on, and what they do about it. */
export interface Acknowledgement {
  readonly by: string
  readonly why?: string | undefined
}

/** Something that was found, until it has been gone for a while. */
export interface Alert extends Finding {
  readonly id: number
  readonly state: AlertState
  /** Epoch ms. */
  readonly sinceMs: number
  /** When it was over; `undefined` while it is not. */
  readonly untilMs: number | undefined
  /** The worst it has been. */
  readonly worst: Pick<Finding, 'severity' | 'value' | 'text'>
  /** The latest; none when it has got worse than that since, which is news to whoever had it. */
  readonly acknowledged:
    | (Acknowledgement & { readonly atMs: number; readonly severity: Severity })
    | undefined
  /** How often it was passed on: whom of {@link onCall} it has reached. */
  readonly escalation: number
}

/** A change that somebody should know of. */
export interface AlertEvent {
  readonly atMs: number
  readonly change:
    | 'raised'
    | 'returned'
    | 'worsened'
    | 'eased'
    | 'cleared'
    | 'acknowledged'
    | 'escalated'
  readonly alert: Alert
}

/** Reads who takes an alert on. */
export const readAcknowledgement: Reader<Acknowledgement> = whole<Acknowledgement>(
  { by: singleLine(80), why: singleLine(500) },
  ['by'],
)
