import type { CallOptions, ResilientRequestInit } from './call.ts'

/**
 * Reads an `init` once, as fetch does: what the caller changes later, or its getters say later, is of
 * no later attempt. Gives what is for evenkeel apart from what is for fetch.
 */
export function readInit(given: ResilientRequestInit | null | undefined): {
  readonly evenkeel?: CallOptions | undefined
  readonly init: RequestInit
} {
  // To leave a field out costs more than to copy.
  if (!given || (Object.getPrototypeOf(given) === Object.prototype && !('evenkeel' in given)))
    return { init: { ...given } }
  const all: Record<string, unknown> = {}
  // That of a class, a `Request` for one, keeps its fields in its prototype.
  for (const name in given) all[name] = given[name as keyof ResilientRequestInit]
  const { evenkeel, ...init } = all as ResilientRequestInit
  return { evenkeel, init }
}
