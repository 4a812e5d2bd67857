import { type Alert, type AlertEvent, onCall } from './alert.ts'
import type { Verdict } from './cascade-monitor.ts'

/** Something that whoever watches the mock should know. */
export interface LogEntry {
  /** Epoch ms. */
  readonly atMs: number
  /** How it all looks since. */
  readonly verdict: Verdict
  /** The alert's name, or `response` for what the mock did by itself. */
  readonly about: string
  readonly text: string
}

/** Tells of a change of an alert. */
export function alertEntry({ atMs, change, alert }: AlertEvent, verdict: Verdict): LogEntry {
  return { atMs, verdict, about: alert.kind, text: `#${alert.id} ${news(change, alert, atMs)}` }
}

function news(change: AlertEvent['change'], alert: Alert, atMs: number): string {
  const { severity, sinceMs, worst, text, acknowledged, escalation } = alert
  const afterS = Math.round((atMs - sinceMs) / 1_000)
  switch (change) {
    case 'cleared':
      return `cleared after ${afterS} s (at its worst: ${worst.text})`
    case 'acknowledged':
      return `acknowledged after ${afterS} s by ${acknowledged?.by}${acknowledged?.why ? `: ${acknowledged.why}` : ''}`
    case 'escalated':
      return `escalated to the ${onCall[escalation]}: nobody has taken it on in ${afterS} s`
    default:
      return `${change} to ${severity}: ${text}`
  }
}

/** Writes an entry for people, in one line. */
export function logLine({ atMs, verdict, about, text }: LogEntry): string {
  return `${new Date(atMs).toISOString().slice(11, 19)} ${verdict.padEnd(8)} ${about}: ${text}`
}
