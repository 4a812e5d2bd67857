import type { SocketsStatus } from '../sockets/socket-status.ts'
import { percent } from './units.ts'

/** Writes connections, and why upgrades fail. */
export function socketLines(sockets: SocketsStatus): string[] {
  const { connections, connectionLimit, sessions, acceptQueue, accepted } = sockets
  const failures = Object.entries(sockets.upgradeFailures).filter(([, count]) => count > 0)
  const failed = failures.reduce((sum, [, count]) => sum + count, 0)
  const closes = (codes: Readonly<Record<string, number>>) =>
    Object.entries(codes)
      .map(([code, count]) => `${count} × ${code}`)
      .join(', ') || 'none'
  return [
    `sockets   ${connections} of ${connectionLimit ?? 'any number of'} connections, ${sessions} sessions, ${acceptQueue} waiting to be accepted`,
    `  upgrades ${accepted} accepted, ${failed} failed (${percent(accepted + failed === 0 ? null : accepted / (accepted + failed))} ok), ${sockets.upgradeFailuresLastMinute} failed in the last minute${failures.map(([why, count]) => `, ${count} ${why}`).join('')}`,
    `  sessions ${sockets.identifies} identified (${sockets.identifiesEarly} too early), ${sockets.resumes} resumed (${sockets.resumesRefused} refused), ${sockets.replayed} events sent again`,
    `  closed  by the server ${closes(sockets.closedByServer)}; by clients ${closes(sockets.closedByClient)}`,
  ]
}
