import type { FetchInput } from './call.ts'
import { cancelBody } from './cancel-body.ts'

/** Gives every attempt of a call its body. */
export interface Replay {
  /** Whether the body can be sent only once. */
  readonly once: boolean
  /** Of a `Request`. */
  readonly headers: Headers | undefined
  next(): FetchInput
  /** Lets go of what was kept for another attempt. */
  end?: () => void
}

/** Strings, buffers, Blobs, forms and parameters can be read again; what is read by pulling can't. */
export function isStream(body: unknown): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    ('getReader' in body || Symbol.asyncIterator in body || 'pipe' in body)
  )
}

export function replay(input: FetchInput, body: unknown): Replay {
  const request = typeof input === 'object' && 'clone' in input ? input : undefined
  const headers = request?.headers
  // Firefox does not show whether a Request has a body.
  if (!request || request.body === null || body != null)
    return { once: isStream(body), headers, next: () => input }
  return {
    once: false,
    headers,
    // The original keeps what a clone has sent, for as long as another attempt may come.
    next: () => request.clone(),
    end: () => cancelBody(request.body),
  }
}
