import type { GatewayStatus } from '../gateway/gateway.ts'
import type { FleetHintStatus } from '../hint/fleet-hints.ts'
import { type Add, labelled } from './socket-metrics.ts'

/** Writes the API gateway's part of the metrics, and what is asked of the fleet. */
export function gatewayMetrics(
  { overrun, quotas, shed, breakers }: GatewayStatus,
  { level, admitted }: FleetHintStatus,
  total: Add,
  gauge: Add,
): void {
  const services = Object.entries(breakers)
  total('mock_gateway_overrun_total', 'More than the gateway can take in.', [], [[{}, overrun]])
  gauge(
    'mock_gateway_quota_per_second',
    'Adaptive quotas.',
    ['service'],
    labelled('service', quotas),
  )
  total(
    'mock_gateway_shed_total',
    'Refused because too many wait.',
    ['priority'],
    labelled('priority', shed),
  )
  gauge(
    'mock_gateway_breaker_open',
    'Whether the gateway does not call a service: 1, 0.5 while it tries it, 0.',
    ['service'],
    services.map(([service, { state }]) => [
      { service },
      state === 'closed' ? 0 : state === 'half-open' ? 0.5 : 1,
    ]),
  )
  total(
    'mock_gateway_breaker_refused_total',
    'Refused by an open breaker.',
    ['service'],
    services.map(([service, { refused }]) => [{ service }, refused]),
  )
  gauge('mock_fleet_hint_level', 'What is asked of all clients; 3 admits all.', [], [[{}, level]])
  gauge(
    'mock_fleet_hint_admitted_ratio',
    'The share of calls that clients are asked to send.',
    ['priority'],
    labelled('priority', admitted),
  )
}
