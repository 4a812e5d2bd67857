import type { Lab } from './lab.ts'
import { opening } from './opening.ts'
import type { Section } from './section.ts'
import { breakers } from './sections/breakers.ts'
import { budgets } from './sections/budgets.ts'
import { defaults, together } from './sections/defaults.ts'
import { hedging, margins, mixtures, reloads, sockets } from './sections/others.ts'
import { retries, timeouts } from './sections/retries.ts'
import { cooldowns, hints, priorities } from './sections/server.ts'
import { table } from './words.ts'

/** The sections of the page, in their order. */
export const sections: readonly Section[] = [
  retries,
  timeouts,
  budgets,
  breakers,
  cooldowns,
  sockets,
  priorities,
  hints,
  hedging,
  reloads,
  mixtures,
  margins,
  together,
  defaults,
]

async function written(section: Section, lab: Lab): Promise<string> {
  const { title, head, rows } = section
  const cells = Promise.all(rows.map(async (row) => [row.name, ...(await row.cells(lab))]))
  const [before, after] = await section.write(lab)
  return [`## ${title}`, before, table(head, await cells), after].filter(Boolean).join('\n\n')
}

/** The whole page. */
export async function page(lab: Lab): Promise<string> {
  const parts = await Promise.all([
    opening(lab),
    ...sections.map((section) => written(section, lab)),
  ])
  return `${parts.join('\n\n')}\n`
}
