import type { SocketData } from './outbound-queue.ts'

/** How many bytes a message has on the wire: UTF-8 for strings. */
export function byteLength(data: SocketData): number {
  if (typeof data !== 'string') return 'size' in data ? data.size : data.byteLength
  let bytes = data.length
  for (let index = 0; index < data.length; index++) {
    const unit = data.charCodeAt(index)
    // Half of a surrogate pair is two of its four bytes.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit & 0xf800) !== 0xd800 ? 2 : 1
  }
  return bytes
}

/** The message as it is now: what waits must not change when the caller's buffer does. */
export function snapshot(data: SocketData): SocketData {
  if (typeof data === 'string' || 'size' in data) return data
  if (!ArrayBuffer.isView(data)) return data.slice(0)
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
}
