import { cancelBody } from './cancel-body.ts'
import { dropHold } from './hold-body.ts'

/** How much of an unwanted body is read to keep its connection: an error page, but no download. */
const drainLimitBytes = 262_144

/** Frees the connection of an answer that nobody will read. */
export function releaseBody(response: Response): void {
  const { body, bodyUsed } = response
  if (!body || bodyUsed) return
  try {
    const length = Number(response.headers.get('content-length') ?? Infinity)
    if (length <= drainLimitBytes) response.arrayBuffer().catch(() => {})
    else {
      cancelBody(body)
      dropHold(response)
    }
  } catch {
    // What only looks like a Response may lack any of it, and has no connection.
  }
}
