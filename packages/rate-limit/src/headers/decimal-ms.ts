/** Half of what a `Date` can hold (ECMA-262 § 21.4.1.1), so that now plus a wait is always a date. */
const MAX_WAIT_MS = 4.32e15

/**
 * Reads a decimal number of seconds, such as `64.57`, as milliseconds, rounded up.
 * Signs, exponents, units and lists are no numbers here.
 */
export function decimalMs(value: string | null | undefined): number | undefined {
  if (!value || value.length > 64) return undefined
  const digits = /^[ \t]*(\d{1,13}(?:\.\d{1,20})?)[ \t]*$/.exec(value)?.[1]
  if (!digits) return undefined
  // The exponent is exact, where 8.2 * 1000 is 8199.999999999999.
  const ms = Math.ceil(+`${digits}e3`)
  return ms > MAX_WAIT_MS ? undefined : ms
}
