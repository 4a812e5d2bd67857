import { describe, expect, it } from 'vitest'
import type { Outcome } from '../storms/lab.ts'
import { sections } from '../storms/page.ts'
import { page, tableOf } from './storms-tables.ts'

/** The words of a text, without what its figures may add or leave out. */
function words(text: string): string {
  const all: readonly string[] = text.match(/[a-z]{2,}/gi) ?? []
  return all.filter((word) => word !== 'never').join(' ')
}

/** An outcome without a figure. */
const nothing = {
  metrics: {
    attemptsPerCall: { spike: null, peakMinute: null, after: null },
    successRatio: { spike: null, after: null, end: null },
    goodputRatio: 0,
    wastedRatio: null,
    recoveryMs: 0,
    successByPriority: { critical: null, important: null, deferred: null },
  },
  phases: [],
  variation: 0,
} as unknown as Outcome

describe('docs/storms.md', () => {
  it('has the sections that its command writes, in their order', () => {
    const titles = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)
    expect(titles).toEqual(sections.map(({ title }) => title))
  })

  it('shows that a hint that is lost, or is late and requests say so, is no worse than none', () => {
    const [, none, ...hinted] = tableOf('A server that says what it can take')
    const figures = (row: readonly string[] | undefined) => row?.slice(1, 3).map(Number.parseFloat)
    const [served = NaN, critical = NaN] = figures(none) ?? []
    for (const name of [
      '10 s late, and requests say their level',
      '30 s late, and requests say their level',
      'lost in the spike',
    ]) {
      const [its = NaN, itsCritical = NaN] = figures(hinted.find(([each]) => each === name)) ?? []
      expect([name, its >= served, itsCritical >= critical]).toEqual([name, true, true])
    }
  })

  it.each(sections.map((section) => [section.title, section] as const))(
    '%s has a table of what is run, and prose of today',
    async (title, { head, rows, write }) => {
      const [first, ...others] = tableOf(title)
      expect(first).toEqual(head)
      expect(others.map(([name]) => name)).toEqual(rows.map(({ name }) => name))
      // The words around the figures, whatever those are.
      const lab = { run: async () => nothing, seeds: async () => [nothing] }
      const written = await write(lab)
      for (const part of written) expect(words(page)).toContain(words(part))
    },
  )
})
