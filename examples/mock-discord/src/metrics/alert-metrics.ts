import { onCall } from '../cascade/alert.ts'
import type { CascadeStatus } from '../cascade/cascade-monitor.ts'
import { type Add, labelled } from './socket-metrics.ts'

/** Writes how it all looks, and the alerts under the labels that Prometheus gives its own (`ALERTS`, `ALERTS_FOR_STATE`). */
export function alertMetrics(
  { verdict, alerts, raised, escalated }: CascadeStatus,
  total: Add,
  gauge: Add,
): void {
  const labelsOf = ({ kind: alertname, severity }: CascadeStatus['alerts'][number]) => ({
    alertname,
    severity,
  })
  gauge(
    'mock_verdict',
    'How it all looks: 0 calm, 1 strained, 2 storm.',
    [],
    [[{}, ['calm', 'strained', 'storm'].indexOf(verdict)]],
  )
  gauge(
    'mock_alert_active',
    'Alerts that are not over, firing until somebody has acknowledged them.',
    ['alertname', 'alertstate', 'severity'],
    alerts.map((alert) => [{ ...labelsOf(alert), alertstate: alert.state }, 1]),
  )
  gauge(
    'mock_alert_since_timestamp_seconds',
    'Since when an alert has been there, as Unix time.',
    ['alertname', 'severity'],
    alerts.map((alert) => [labelsOf(alert), alert.sinceMs / 1_000]),
  )
  gauge(
    'mock_alert_escalation',
    `Whom an alert has reached: ${onCall.map((who, index) => `${index} ${who}`).join(', ')}.`,
    ['alertname', 'severity'],
    alerts.map((alert) => [labelsOf(alert), alert.escalation]),
  )
  total(
    'mock_alerts_total',
    'Alerts that were raised.',
    ['alertname'],
    labelled('alertname', raised),
  )
  total(
    'mock_alerts_escalated_total',
    'Alerts that were passed on, since nobody had acknowledged them.',
    ['alertname'],
    labelled('alertname', escalated),
  )
}
