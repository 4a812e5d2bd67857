import { describe, expect, it } from 'vitest'
import { bar, painter, sparkline, table, toneOf } from '../../src/cli/status/look.ts'
import { count, ms, percent } from '../../src/cli/units.ts'

describe('what the status page is drawn with', () => {
  it.each([
    [0, '░░░░░░░░░░'],
    [0.44, '████░░░░░░'],
    [1, '██████████'],
    [7, '██████████'],
    [-1, '░░░░░░░░░░'],
  ])('draws %d as %s', (ratio, drawn) => {
    expect(bar(ratio)).toBe(drawn)
  })

  it('draws values by the highest of them', () => {
    expect(sparkline([0, 1, 4, 8])).toBe('▁▂▅█')
    expect(sparkline([0, 0])).toBe('▁▁')
  })

  it('puts columns under each other', () => {
    expect(
      table([
        ['', 'n'],
        ['voice', '1'],
        ['x', '1,000'],
      ]),
    ).toEqual(['           n', 'voice      1', 'x      1,000'])
  })

  it.each([
    [0, 'good'],
    [0.1, 'warn'],
    [0.5, 'bad'],
  ])('calls %d %s', (ratio, tone) => {
    expect(toneOf(ratio, 0.1, 0.5)).toBe(tone)
  })

  it('paints only where there are colours', () => {
    expect(painter(false)('x', 'bad')).toBe('x')
    expect(painter(true)('x', 'good')).toBe('\u001b[32mx\u001b[39m')
  })

  it.each([
    [150, '150 ms'],
    [30_200, '30.2 s'],
    [720_000, '12 min'],
    [8_000_000, '2 h'],
  ])('writes %d ms as %s', (value, text) => {
    expect(ms(value)).toBe(text)
  })

  it('writes numbers and shares', () => {
    expect([count(15_000.4), percent(0.1234), percent(null)]).toEqual(['15,000', '12.3 %', '–'])
  })
})
