import type { SocketData } from './outbound-queue.ts'

/**
 * The message as it is now: what waits must not change when the caller's buffer does. A number, say, is sent in
 * words, as by the platform's `send`.
 */
export function snapshot(data: SocketData): SocketData {
  if (typeof data !== 'object') return `${data}`
  if ('size' in data) return data
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : data
  return bytes.slice(0)
}
