import type { Limit } from './rules.ts'

/** Throws by name and value what can't be a limit; `Infinity` requests are no limit at all. */
export function checkLimit(name: string, { limit, windowMs }: Limit): void {
  if (!(limit === Number.POSITIVE_INFINITY || (Number.isInteger(limit) && limit >= 0))) {
    throw new RangeError(`limits: limit of ${name} must be a whole number ≥ 0, got ${limit}`)
  }
  if (!(windowMs > 0 && Number.isFinite(windowMs))) {
    throw new RangeError(`limits: windowMs of ${name} must be > 0, got ${windowMs}`)
  }
}
