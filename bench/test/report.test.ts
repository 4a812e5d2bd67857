import { describe, expect, it } from 'vitest'
import { describeTarget } from '../src/race/describe-target.ts'
import { formatCell } from '../src/report/format-cell.ts'
import { formatReport } from '../src/report/format-report.ts'
import { entryName } from '../src/sizes/measure-size.ts'

describe('formatCell', () => {
  it.each([
    [1.005, '1.00'],
    [12.34, '12.3'],
    [123.4, '123'],
    [12_345.6, '12,346'],
    [0, '0.00'],
    [Number.NaN, '-'],
    [undefined, ''],
    ['all', 'all'],
  ])('writes %s as %j', (cell, text) => {
    expect(formatCell(cell)).toBe(text)
  })
})

describe('formatReport', () => {
  it('aligns names to the left and figures to the right', () => {
    const report = {
      suite: 'policies',
      title: 'a title',
      notes: ['A note.'],
      tables: [
        {
          columns: ['contender', 'CPU ns'],
          rows: [
            ['bare', 59.5],
            ['p-retry', 1234],
          ] as const,
        },
      ],
    }
    expect(formatReport(report)).toBe(
      [
        '## policies: a title',
        '',
        'A note.',
        '',
        '| contender | CPU ns |',
        '| --------- | -----: |',
        '| bare      |   59.5 |',
        '| p-retry   |  1,234 |',
      ].join('\n'),
    )
  })
})

describe('describeTarget', () => {
  it('says whether a ratio keeps to it, the target itself included', () => {
    expect(describeTarget(4, 4)).toBe('≤ 4: met')
    expect(describeTarget(4.01, 4)).toBe('≤ 4: missed')
  })

  it('says nothing of a contender without one', () => {
    expect(describeTarget(4, undefined)).toBeUndefined()
  })
})

describe('entryName', () => {
  it('reads like the import', () => {
    expect(entryName({ module: 'ky' })).toBe('ky')
    expect(entryName({ module: 'x', names: '*' })).toBe('x, whole')
    expect(entryName({ module: 'x', names: ['a', 'b'] })).toBe('x { a, b }')
  })
})
