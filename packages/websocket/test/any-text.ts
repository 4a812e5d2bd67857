import fc from 'fast-check'

const isHalf = (code: number): boolean => (code & 0xfffff800) === 0xd800

/** Texts of characters that have one to four bytes as UTF-8. The `binary` unit of fast-check takes a second to prepare. */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc
    .constantFrom(0x7f, 0x7ff, 0xffff, 0x10ffff)
    .chain((max) => fc.integer({ min: 0, max }))
    .filter((code) => !isHalf(code))
    .map((code) => String.fromCodePoint(code)),
})
