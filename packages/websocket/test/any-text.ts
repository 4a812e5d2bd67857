import fc from 'fast-check'

/**
 * Texts of characters that have one to four bytes as UTF-8, and of halves of surrogate pairs. The `binary` unit of
 * fast-check takes a second to prepare.
 */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(
    fc
      .constantFrom(0x7f, 0x7ff, 0xffff, 0x10ffff)
      .chain((max) => fc.integer({ min: 0, max }))
      .map((code) => String.fromCodePoint(code)),
    fc.constantFrom('\ud800', '\udbff', '\udc00', '\udfff'),
  ),
})
