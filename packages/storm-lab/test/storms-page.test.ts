import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../storms/lab.ts'
import { newLab } from '../storms/lab.ts'
import { sections } from '../storms/page.ts'

const page = readFileSync(new URL('../../../docs/storms.md', import.meta.url), 'utf8')

/** The cells of the rows of a section's first table, without its rule. */
function tableOf(title: string): string[][] {
  const [, ...rest] = page.split(`\n## ${title}\n`)
  const lines = (rest[0]?.split('\n## ')[0] ?? '').split('\n')
  const from = lines.findIndex((line) => line.startsWith('|'))
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'))
  return lines
    .slice(from, length < 0 ? undefined : from + length)
    .filter((line) => !/^\| ?:?-/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

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

/** Rows that are run again as they were: of few events each. */
const sampled: readonly (readonly [title: string, row: string])[] = [
  ['Timeouts', '60 s'],
  ['Priorities', 'evenkeel, queue by priority'],
  ['A server that says what it can take', 'each second, a fifth of the server'],
]

describe('docs/storms.md', () => {
  it('has the sections that its command writes, in their order', () => {
    const titles = [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)
    expect(titles).toEqual(sections.map(({ title }) => title))
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

  it.each(sampled)(
    '%s: what is said of "%s" is what comes of it',
    { timeout: 60_000 },
    async (title, name) => {
      const row = sections
        .find((section) => section.title === title)
        ?.rows.find((each) => each.name === name)
      const cells = await row?.cells(newLab(1))
      expect(tableOf(title).find(([first]) => first === name)).toEqual([name, ...(cells ?? [])])
    },
  )
})
