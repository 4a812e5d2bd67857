import type { SocketsStatus } from '../sockets/socket-status.ts'

export type Values = Iterable<readonly [labels: Readonly<Record<string, string>>, value: number]>

/** Adds one metric. */
export type Add = (name: string, help: string, labelNames: string[], values: Values) => void

/** Writes the WebSocket Gateway's part of the metrics. */
export function socketMetrics(sockets: SocketsStatus, total: Add, gauge: Add): void {
  gauge('mock_socket_connections', 'Open connections.', [], [[{}, sockets.connections]])
  gauge('mock_socket_sessions', 'Sessions, connected or not.', [], [[{}, sockets.sessions]])
  gauge('mock_accept_queue_length', 'Upgrades that wait.', [], [[{}, sockets.acceptQueue]])
  total(
    'mock_upgrades_total',
    'WebSocket upgrades by result.',
    ['result'],
    labelled('result', { accepted: sockets.accepted, ...sockets.upgradeFailures }),
  )
  const { identifies, identifiesEarly, resumes, resumesRefused } = sockets
  total(
    'mock_identifies_total',
    'IDENTIFYs by result.',
    ['result'],
    labelled('result', { ok: identifies, early: identifiesEarly }),
  )
  total(
    'mock_resumes_total',
    'RESUMEs by result.',
    ['result'],
    labelled('result', { ok: resumes, refused: resumesRefused }),
  )
  total('mock_dispatches_total', 'Events sent.', [], [[{}, sockets.dispatched]])
  total('mock_replayed_events_total', 'Events sent again.', [], [[{}, sockets.replayed]])
  total('mock_heartbeats_total', 'Heartbeats heard.', [], [[{}, sockets.heartbeats]])
  total(
    'mock_socket_closes_total',
    'Connections that have ended.',
    ['by', 'code'],
    [
      ...labelled('code', sockets.closedByServer, { by: 'server' }),
      ...labelled('code', sockets.closedByClient, { by: 'client' }),
    ],
  )
}

/** One value for each name, under a label. */
export const labelled = (
  label: string,
  values: Readonly<Record<string, number>>,
  more: Readonly<Record<string, string>> = {},
) =>
  Object.entries(values).map(([key, value]): [Record<string, string>, number] => [
    { ...more, [label]: key },
    value,
  ])
