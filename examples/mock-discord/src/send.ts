import type { ServerResponse } from 'node:http'
import type { Drip, OutgoingReply } from './machinery.ts'

/**
 * Writes a reply with exactly its own headers, after those every reply has, and with
 * `Content-Length`.
 */
export function send(
  response: ServerResponse,
  reply: OutgoingReply,
  common: Readonly<Record<string, string>>,
): void {
  const { status, headers, body, drip, keepBytes } = reply
  response.writeHead(status, {
    ...common,
    ...headers,
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
  })
  if (body === undefined || (keepBytes === undefined && !drip)) {
    // As it is: a text goes out in one write with the head.
    response.end(body)
    return
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  if (keepBytes !== undefined) truncate(response, bytes.subarray(0, keepBytes))
  else if (drip) trickle(response, bytes, drip)
}

function truncate(response: ServerResponse, bytes: Uint8Array): void {
  response.flushHeaders()
  response.write(bytes, () => response.destroy())
}

function trickle(response: ServerResponse, bytes: Uint8Array, drip: Drip): void {
  const { chunkBytes, intervalMs } = drip
  let sent = 0
  const timer = setInterval(next, intervalMs)
  response.once('close', () => clearInterval(timer))
  function next(): void {
    response.write(bytes.subarray(sent, sent + chunkBytes))
    sent += chunkBytes
    if (sent < bytes.byteLength) return
    clearInterval(timer)
    response.end()
  }
  next()
}

/** Cuts the connection without a reply, so that the client sees a reset. */
export function drop(response: ServerResponse): void {
  response.socket?.resetAndDestroy()
}
