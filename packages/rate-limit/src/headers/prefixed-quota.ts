import { count } from './count.ts'
import { decimalMs } from './decimal-ms.ts'
import type { HeadersLike } from './headers-like.ts'
import type { RateLimitQuota } from './quota.ts'
import { resetAfter } from './reset-after.ts'

const SCOPES = ['user', 'global', 'shared'] as const

/**
 * Reads `<prefix>Limit`, `-Remaining`, `-Reset-After` and `-Reset`, and Discord's `-Bucket`, `-Scope` and `-Global`.
 *
 * @param ok - a response that succeeded: without `-Remaining` it is left unread, and scope and global are too
 */
export function prefixedQuota(
  headers: HeadersLike,
  nowMs: number,
  prefix: string,
  ok: boolean,
): RateLimitQuota | undefined {
  const get = (name: string) => headers.get(prefix + name)
  const remaining = count(get('remaining'))
  if (ok && remaining === undefined) return undefined
  // Before -06 the limit was followed by the policies: `100, 100;w=10`.
  const limit = count(/^[^,;]{1,64}/.exec(get('limit') ?? '')?.[0])
  const after = decimalMs(get('reset-after'))
  const resetAfterMs = after ?? resetAfter(get('reset'), nowMs, headers)
  const hash = ok && after === undefined ? null : get('bucket')
  // A name becomes a key of a map: an absurd one is not worth its memory.
  const bucket = hash && hash.length <= 128 ? hash : undefined
  const word = ok ? null : get('scope')
  const scope = SCOPES.find((known) => known === word)
  const global = (!ok && get('global')?.toLowerCase() === 'true') || undefined
  return (remaining ?? limit ?? resetAfterMs ?? bucket ?? scope ?? global) !== undefined
    ? { limit, remaining, resetAfterMs, bucket, scope, global }
    : undefined
}
