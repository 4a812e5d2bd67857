import type { Machine } from './machine.ts'
import { socketClosed } from './not-sent.ts'

/** Sends on a socket that may be closed. @throws as `Machine.send` does, and `SOCKET_CLOSED` */
export function sendOpen(machine: Machine, ...message: Parameters<Machine['send']>): void {
  if (machine.state === 'closing' || machine.state === 'closed') throw socketClosed()
  machine.send(...message)
}
