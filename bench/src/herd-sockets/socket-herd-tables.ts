import { binned, peak } from '../herd/herd-figures.ts'
import type { Row, Table } from '../report/report.ts'
import { sparkline } from '../report/sparkline.ts'
import type { SocketHerdResult } from './run-socket-herd.ts'

const shownMs = 30_000
const barMs = 500

/** When the clients of each library were back, and how many came at once. */
export function socketHerdTables(
  clients: number,
  results: readonly (readonly [name: string, result: SocketHerdResult])[],
): Table[] {
  return [
    {
      columns: [
        'client',
        'dials each while down',
        'peak opens, 100 ms',
        'peak opens, 1 s',
        '50 % back, s',
        '95 % back, s',
        'all back, s',
      ],
      rows: results.map(([name, result]) => toRow(clients, name, result)),
    },
    {
      columns: ['client', `opens, ${barMs / 1000} s a bar; █ is ${clients / 4}, or more`],
      rows: results.map(([name, { opensAtMs }]): Row => {
        const bars = binned(perMs(opensAtMs).subarray(0, shownMs), barMs)
        return [name, sparkline(bars, clients / 4)]
      }),
    },
  ]
}

function toRow(clients: number, name: string, result: SocketHerdResult): Row {
  const { opensAtMs, dialsWhileDown, back } = result
  const opens = perMs(opensAtMs)
  const whole = (count: number): string => count.toLocaleString('en-US')
  const backAfter = (share: number): number | undefined => {
    const atMs = opensAtMs[Math.ceil(clients * share) - 1]
    return atMs === undefined ? undefined : atMs / 1000
  }
  return [
    name,
    dialsWhileDown / clients,
    whole(peak(opens, 100)),
    whole(peak(opens, 1000)),
    backAfter(0.5),
    backAfter(0.95),
    back < clients ? `only ${whole(back)}` : backAfter(1),
  ]
}

/** How many opened in each millisecond. */
function perMs(opensAtMs: readonly number[]): Uint32Array {
  const counts = new Uint32Array(Math.max(shownMs, (opensAtMs.at(-1) ?? 0) + 1))
  for (const atMs of opensAtMs) counts[atMs] = (counts[atMs] as number) + 1
  return counts
}
