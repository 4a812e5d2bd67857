import { dropHold } from './hold-body.ts'

/** How much of an unwanted body is read to keep its connection; closing one costs a handshake, some ten of these. */
const drainLimitBytes = 65_536

/** Frees the connection of an answer that nobody will read. */
export function releaseBody(response: Response): void {
  if (!response.body || response.bodyUsed) return
  const length = Number(response.headers.get('content-length') ?? Infinity)
  if (length <= drainLimitBytes) response.arrayBuffer().catch(() => {})
  else {
    response.body.cancel().catch(() => {})
    dropHold(response)
  }
}
