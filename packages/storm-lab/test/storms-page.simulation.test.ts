import { describe, expect, it } from 'vitest'
import { newLab } from '../storms/lab.ts'
import { sections } from '../storms/page.ts'
import { tableOf } from './storms-tables.ts'

/** Rows that are run again as they were: of few events each. */
const sampled: readonly (readonly [title: string, row: string])[] = [
  ['Timeouts', '60 s'],
  ['Priorities', 'evenkeel, queue by priority'],
  ['A server that says what it can take', 'each second, a fifth of the server'],
  ['A server that says what it can take', '30 s late, and requests say their level'],
]

describe('docs/storms.md', () => {
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
