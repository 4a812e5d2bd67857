import type { MockStatus } from '../../admin/mock-status.ts'
import { ms } from '../units.ts'
import { databaseSection, socketsSection, voiceSection } from './backend-sections.ts'
import { hintSection, retriesSection, staged } from './clients-section.ts'
import { calls, headline } from './headline.ts'
import { limitsSection } from './limits-section.ts'
import { painter } from './look.ts'
import type { Probe } from './probe.ts'

/**
 * Writes the status for whoever is woken by it: first how it looks and why, then what the incident's operators asked, in
 * their order.
 */
export function statusPage(status: MockStatus, probe: Probe, hasColours = false): string {
  const paint = painter(hasColours)
  const sections = [
    headline(status, paint),
    calls(status, probe, paint),
    limitsSection(status, paint),
    databaseSection(status, paint),
    socketsSection(status, paint),
    voiceSection(status, paint),
    retriesSection(status, paint),
    [...hintSection(status, paint), ...staged(status, paint)],
  ]
  return sections.map((lines) => lines.join('\n')).join('\n\n')
}

/** What is shown while a mock that has answered before does not. */
export function gonePage(why: string, awayMs: number, hasColours = false): string {
  return `${painter(hasColours)('GONE', 'bad')}  ${why}\n\nLast seen ${ms(awayMs)} ago`
}
