import type { Scenario } from '../scenario/scenario.ts'
import { cascade } from './cascade.ts'
import { outage60s } from './outage.ts'

/** What comes with the lab. */
export type ScenarioName = 'cascade' | 'outage-60s'

/** The scenarios that come with the lab, by name. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  cascade,
  'outage-60s': outage60s,
}
