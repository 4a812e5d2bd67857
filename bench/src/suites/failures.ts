import { raceSuite } from './race-suite.ts'

const bodies: Readonly<Record<string, string>> = {
  'small-errors': '503 twice with 1 KiB, then 200',
  'large-errors': '503 twice with 128 KiB, then 200',
}

export const failures = raceSuite({
  name: 'failures',
  title: 'refused twice, then answered, over loopback HTTP, 16 in flight',
  notes: [
    'Every contender retries at once, and without what would stop it: evenkeel’s retry budget and breaker refuse such a rate of failures by default.',
    'Per success. A new connection is one that was given up because a refusal’s body was left unread or cancelled.',
  ],
  races: Object.keys(bodies),
  rounds: 15,
  batchMs: 150,
  overHttp: true,
  toTable: (race, results) => ({
    columns: [bodies[race] ?? race, 'client CPU µs', '×', 'requests', 'new connections'],
    rows: results.map(({ name, cpuNs, ratio, counts: [requests, connections] }) => [
      name,
      cpuNs / 1000,
      ratio,
      requests,
      connections,
    ]),
  }),
})
