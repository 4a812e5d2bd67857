import { Counter, Gauge, Registry } from 'prom-client'
import type { BackendStatus } from '../backend/backend.ts'
import type { CascadeStatus } from '../cascade/cascade-monitor.ts'
import type { GatewayStatus } from '../gateway/gateway.ts'
import type { FleetHintStatus } from '../hint/fleet-hints.ts'
import type { SocketsStatus } from '../sockets/socket-status.ts'
import { alertMetrics } from './alert-metrics.ts'
import { gatewayMetrics } from './gateway-metrics.ts'
import type { Durations, MetricsSnapshot } from './metrics.ts'
import { labelled, socketMetrics, type Values } from './socket-metrics.ts'

/** Writes the metrics in Prometheus' text format; times are in seconds, as its conventions want them. */
export function prometheusText(
  metrics: MetricsSnapshot,
  backend: BackendStatus,
  sockets: SocketsStatus,
  fleetHint: FleetHintStatus,
  apiGateway: GatewayStatus,
  cascade: CascadeStatus,
): Promise<string> {
  const registry = new Registry()
  const registers = [registry]
  const total = (name: string, help: string, labelNames: string[], values: Values) => {
    const counter = new Counter({ name, help, labelNames, registers })
    for (const [labels, value] of values) counter.inc(labels, value)
  }
  const gauge = (name: string, help: string, labelNames: string[], values: Values) => {
    const metric = new Gauge({ name, help, labelNames, registers })
    for (const [labels, value] of values) metric.set(labels, value)
  }
  const { work, retries, amplification } = metrics
  const { database, replicas, voice } = backend

  total(
    'mock_requests_total',
    'Requests that have ended, by service and outcome.',
    ['service', 'outcome'],
    Object.entries(metrics.services).flatMap(([service, counts]) =>
      Object.entries(counts).map(([outcome, value]) => [{ service, outcome }, value] as const),
    ),
  )
  total(
    'mock_responses_total',
    'Requests by status; gone and dropped got none.',
    ['status'],
    labelled('status', metrics.statuses),
  )
  total(
    'mock_rate_limited_total',
    '429s by the part of the mock that sent them.',
    ['by'],
    labelled('by', metrics.limitedBy),
  )
  total('mock_retries_total', 'Requests whose x-attempt was above 1.', [], [[{}, retries]])
  gauge('mock_amplification', 'Requests per first attempt.', [], [[{}, amplification]])
  gauge(
    'mock_request_duration_quantile_seconds',
    'From arrival to reply.',
    ['quantile'],
    quantiles(metrics.durations),
  )
  gauge(
    'mock_queue_wait_quantile_seconds',
    'The wait for a place in the database pool.',
    ['quantile'],
    quantiles(metrics.queueing),
  )
  gauge('mock_pool_size', 'Places in the database pool.', [], [[{}, database.poolSize]])
  gauge('mock_pool_in_use', 'Places in use.', [], [[{}, database.inUse]])
  gauge('mock_queue_limit', 'Jobs that may wait for the pool.', [], [[{}, database.queueDepth]])
  gauge('mock_queue_length', 'Jobs that wait for the pool.', [], [[{}, database.queued]])
  total(
    'mock_jobs_total',
    'Jobs the database has worked on.',
    ['result'],
    [
      [{ result: 'useful' }, work.jobs - work.wastedJobs],
      [{ result: 'wasted' }, work.wastedJobs],
    ],
  )
  total(
    'mock_pool_seconds_total',
    'Time in the pool, wasted when nobody waited for it any more.',
    ['result'],
    [
      [{ result: 'useful' }, work.usefulMs / 1_000],
      [{ result: 'wasted' }, work.wastedMs / 1_000],
    ],
  )
  gauge(
    'mock_replica_lag_seconds',
    'How far the replicas are behind.',
    [],
    [[{}, replicas.lagMs / 1_000]],
  )
  const regions = Object.entries(voice)
  gauge(
    'mock_voice_instances',
    'Media servers.',
    ['region'],
    regions.map(([region, { instances }]) => [{ region }, instances]),
  )
  gauge(
    'mock_voice_cpu_ratio',
    'The share of busy slots.',
    ['region'],
    regions.map(([region, { cpuRatio }]) => [{ region }, cpuRatio]),
  )
  gauge(
    'mock_voice_queue_length',
    'Joins that wait.',
    ['region'],
    regions.map(([region, { joins }]) => [{ region }, joins.queued]),
  )
  const kinds = metrics.clients.kinds
  total(
    'mock_client_requests_total',
    'Requests by kind of client.',
    ['kind'],
    kinds.map(({ client, requests }) => [{ kind: client }, requests]),
  )
  total(
    'mock_client_retries_total',
    'Retries by kind of client.',
    ['kind'],
    kinds.map(({ client, retries: value }) => [{ kind: client }, value]),
  )
  total(
    'mock_backoff_violations_total',
    'Retries ahead of Retry-After, or beyond the third.',
    ['kind'],
    kinds.map(({ client, early, excess }) => [{ kind: client }, early + excess]),
  )
  socketMetrics(sockets, total, gauge)
  gatewayMetrics(apiGateway, fleetHint, total, gauge)
  alertMetrics(cascade, total, gauge)
  return registry.metrics()
}

function quantiles({ p50Ms, p99Ms }: Durations): Values {
  return [
    [{ quantile: '0.5' }, p50Ms / 1_000],
    [{ quantile: '0.99' }, p99Ms / 1_000],
  ]
}
