import type { ResilientRequestInit } from './call.ts'

/**
 * Reads an `init` once, as fetch does: what the caller changes later, or its getters say later, is of
 * no later attempt. That of a class, a `Request` for one, keeps its fields in its prototype.
 */
export function ownInit(init: ResilientRequestInit | null | undefined): ResilientRequestInit {
  if (!init) return {}
  const prototype: unknown = Object.getPrototypeOf(init)
  if (prototype === Object.prototype) return init
  const own: Record<string, unknown> = {}
  for (const name in init) own[name] = init[name as keyof ResilientRequestInit]
  return own
}
