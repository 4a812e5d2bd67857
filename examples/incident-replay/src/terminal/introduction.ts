import { clockTime } from '../report/format.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { Timeline } from '../scenario/timeline.ts'
import type { World } from '../worlds/world.ts'
import { colour } from './colour.ts'

/** Says what one is about to see. */
export function introduction(scenario: Scenario, worlds: readonly World[]): string {
  const { endMs } = new Timeline(scenario.phases)
  const { rate, time } = scenario.scale
  const width = Math.max(...worlds.map(({ title }) => title.length)) + 2
  return [
    '',
    colour.strong('The incident, replayed'),
    `${scenario.clients} users meet one overloaded API, once with each kind of client, over real HTTP and WebSockets.`,
    `${clockTime(endMs)} minutes of the incident in ${Math.round(endMs / time / 1_000)} s, at a ${rate}th of its rates.`,
    '',
    ...worlds.map(
      ({ title, description }) => `  ${title.padEnd(width)}${colour.quiet(description)}`,
    ),
  ].join('\n')
}
