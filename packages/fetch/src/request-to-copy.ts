import type { FetchInput } from './call.ts'

/** The `Request` whose body every attempt needs a copy of; `body` is that of the call's `init`. */
export function requestToCopy(input: FetchInput, body: unknown): Request | undefined {
  // Firefox does not show whether a Request has a body.
  return typeof input === 'object' && 'clone' in input && input.body !== null && body == null
    ? input
    : undefined
}
