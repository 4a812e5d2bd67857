import { checkScenario } from './check-scenario.ts'
import type { Scenario } from './scenario.ts'

/**
 * Checks a scenario where it is written.
 *
 * @throws `RangeError` for one that can't be run, naming what is wrong
 */
export function defineScenario(scenario: Scenario): Scenario {
  checkScenario(scenario)
  return scenario
}
