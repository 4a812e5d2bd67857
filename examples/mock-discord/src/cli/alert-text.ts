import { type Alert, onCall } from '../cascade/alert.ts'
import type { Paint } from './status/look.ts'
import { ms } from './units.ts'

/** Writes an alert in one line: how bad, what, since when, and who has it. */
export function alertLine(alert: Alert, nowMs: number, paint: Paint): string {
  const { id, kind, severity, sinceMs, untilMs, text, worst } = alert
  if (untilMs !== undefined) {
    const lasted = `for ${ms(untilMs - sinceMs)}, over ${ago(untilMs, nowMs)}`
    return paint(
      `  ✓ ${number(id)} ${kind.padEnd(11)} ${worst.text} (${lasted}${whoHadIt(alert)})`,
      'dim',
    )
  }
  const mark = severity === 'critical' ? paint('✗', 'bad') : paint('!', 'warn')
  const age = paint(`(${ms(Math.max(0, nowMs - sinceMs))}, `, 'dim')
  return `  ${mark} ${number(id)} ${kind.padEnd(11)} ${text} ${age}${whoHasIt(alert, paint)}${paint(')', 'dim')}`
}

const number = (id: number): string => `#${id}`.padEnd(3)

function whoHasIt({ acknowledged, escalation }: Alert, paint: Paint): string {
  if (acknowledged) return paint(taken(acknowledged), 'good')
  const escalated = escalation > 0 ? `, escalated to the ${onCall[escalation]}` : ''
  return paint(`firing${escalated}`, escalation > 0 ? 'bad' : 'warn')
}

const whoHadIt = ({ acknowledged, escalation }: Alert): string =>
  acknowledged
    ? `, ${taken(acknowledged)}`
    : `, nobody took it${escalation > 0 ? `, escalated to the ${onCall[escalation]}` : ''}`

const taken = ({ by, why }: NonNullable<Alert['acknowledged']>): string =>
  `${by} has it${why ? `: ${why}` : ''}`

const ago = (atMs: number, nowMs: number): string => `${ms(Math.max(0, nowMs - atMs))} ago`
