import type { SocketData } from './outbound-queue.ts'

/** The message as it is now: what waits must not change when the caller's buffer does. */
export function snapshot(data: SocketData): SocketData {
  if (typeof data === 'string' || 'size' in data) return data
  if (!ArrayBuffer.isView(data)) return data.slice(0)
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
}
