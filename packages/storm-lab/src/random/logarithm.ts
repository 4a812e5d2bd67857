/**
 * `−ln(k / 2^32)` for a whole number from 1 to 2^32.
 *
 * Only operations that IEEE 754 rounds correctly, so every engine gives the same bits; `Math.log` may
 * differ in the last. The series is that of fdlibm's `e_log.c`.
 */
export function minusLog(k: number): number {
  let exponent = k >= 2 ** 31 ? 31 : 31 - Math.clz32(k)
  let mantissa = k / ((1 << exponent) >>> 0)
  if (mantissa > Math.SQRT2) {
    mantissa /= 2
    exponent++
  }
  const f = mantissa - 1
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const even =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const half = 0.5 * f * f
  return (32 - exponent) * Math.LN2 - (f - (half - s * (half + odd + even)))
}
