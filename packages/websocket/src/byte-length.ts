import { utf8Length } from '#platform'
import type { SocketData } from './outbound-queue.ts'

/** How many bytes a message has on the wire: UTF-8 for strings. */
export function byteLength(data: SocketData): number {
  if (typeof data === 'string') return utf8Length(data)
  return 'size' in data ? data.size : data.byteLength
}
