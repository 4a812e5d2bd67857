import { dropHold } from './hold-body.ts'

/** How much of an unwanted body is read to keep its connection; closing one costs a handshake, some ten of these. */
const drainLimitBytes = 65_536

const ignore = (): void => {}

/** Frees the connection of an answer that nobody will read. */
export function releaseBody(response: Response): void {
  const { body, bodyUsed } = response
  if (!body || bodyUsed) return
  try {
    const length = Number(response.headers.get('content-length') ?? Infinity)
    if (length <= drainLimitBytes) response.arrayBuffer().catch(ignore)
    else {
      // Of node-fetch it is a stream of Node's.
      if (body.cancel) body.cancel().catch(ignore)
      else (body as { destroy?(): void }).destroy?.()
      dropHold(response)
    }
  } catch {
    // What only looks like a Response may lack any of it, and has no connection.
  }
}
