import { answerOf } from '../process/answer-of.ts'
import type { HerdFigures } from './herd-figures.ts'

const program = new URL('./herd-process.ts', import.meta.url)

/** Plays a contender through a scenario, in a process of its own. */
export function measureHerd(scenario: string, contender: string): Promise<HerdFigures> {
  // Millions of short-lived objects: with the default, most of the time goes into collecting them.
  return answerOf(program, [scenario, contender], ['--max-semi-space-size=128'])
}
