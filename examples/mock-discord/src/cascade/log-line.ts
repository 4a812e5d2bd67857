import type { AlertEvent } from './alerts.ts'
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
  const { kind, severity, sinceMs, worst, text } = alert
  const afterS = Math.round((atMs - sinceMs) / 1_000)
  return {
    atMs,
    verdict,
    about: kind,
    text:
      change === 'cleared'
        ? `cleared after ${afterS} s (at its worst: ${worst.text})`
        : `${change} to ${severity}: ${text}`,
  }
}

/** Writes an entry for people, in one line. */
export function logLine({ atMs, verdict, about, text }: LogEntry): string {
  return `${new Date(atMs).toISOString().slice(11, 19)} ${verdict.padEnd(8)} ${about}: ${text}`
}
