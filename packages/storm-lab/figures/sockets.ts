import {
  backoffSockets,
  evenkeelSockets,
  type HerdOptions,
  type ReconnectKind,
  runHerd,
} from '../src/index.ts'
import { inSeconds, number, percent, printTable } from './table.ts'

const kinds: Readonly<Record<string, ReconnectKind>> = {
  'fixed 1 s': backoffSockets(() => 1000),
  'full jitter 1–60 s': backoffSockets(
    (failures, random) => random() * Math.min(60_000, 1000 * 2 ** (failures - 1)),
  ),
  'reconnecting-websocket': backoffSockets((failures, random) =>
    Math.min(10_000, (1000 + 4000 * random()) * 1.3 ** (failures - 1)),
  ),
  evenkeel: evenkeelSockets(),
}

const gateways: Readonly<Record<string, HerdOptions>> = {
  'deep queue, 1001': {},
  'deep queue, 1006': { code: 1006 },
  'deep queue, hint': { hint: true },
  'queue of 1000': { acceptQueue: 1000 },
}

/** 50,000 sockets that drop within a second, and 500 handshakes a second. */
export async function sockets(): Promise<void> {
  const rows: string[][] = []
  for (const [kind, reconnects] of Object.entries(kinds))
    for (const [gateway, options] of Object.entries(gateways)) {
      const report = runHerd(reconnects, { ...options, durationMs: 900_000 })
      rows.push([
        kind,
        gateway,
        percent(report.connectedRatio),
        inSeconds(report.t99Ms),
        number(report.dialsPerSocket),
        String(report.peakDialsPerSecond),
        percent(report.wastedRatio),
      ])
    }
  printTable(
    ['sockets', 'gateway', 'connected', '99 % after', 'dials each', 'peak/s', 'waste'],
    rows,
  )
}
