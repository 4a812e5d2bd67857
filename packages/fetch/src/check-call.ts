import { checkNoOther, checkNumber } from '@evenkeel/core'
import type { CallOptions } from './call.ts'

const times = ['totalTimeoutMs', 'attemptTimeoutMs', 'softTimeoutMs'] as const

/**
 * Checks what a call, or what makes calls, says of itself.
 *
 * @throws `RangeError` naming option, rule and value.
 */
export function checkCall(options: CallOptions, owner = 'fetch'): void {
  for (const name of times)
    if (options[name] !== undefined) checkNumber(owner, name, options[name], 1)
  const {
    priority = 'critical',
    idempotencyKey,
    // What is read elsewhere.
    key,
    idempotent,
    isRetried,
    totalTimeoutMs,
    attemptTimeoutMs,
    softTimeoutMs,
    tag,
    ...others
  } = options
  // Whose own options these are among knows the rest.
  if (owner !== 'createFetch') checkNoOther(owner, others)
  if (!/^(critical|important|deferred)$/.test(priority))
    throw new RangeError(
      `${owner}: priority must be critical, important or deferred, got ${priority}`,
    )
  // One key for all would make them one request.
  if (idempotencyKey === '') throw new RangeError(`${owner}: idempotencyKey must not be empty`)
}
