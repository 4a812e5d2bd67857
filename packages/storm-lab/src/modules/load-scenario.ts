import { checkScenario } from '../scenario/check-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { scenarios } from '../scenarios/scenarios.ts'
import { importDefault, shownPath } from './import-default.ts'
import { knownAs, UsageError } from './known.ts'

const example = `A scenario is the default export of its module:

  import { defineScenario, minutes } from '@evenkeel/storm-lab'
  export default defineScenario({
    name: 'lunch', about: 'Everybody at once.', durationMs: minutes(20), trigger: [minutes(5), minutes(10)],
    load: { callsPerSecond: 300 }, backend: { service: { workers: 40, serviceMs: 100 } },
  })`

const parts = ['name', 'about', 'durationMs', 'trigger', 'load', 'backend'] as const

/** The scenario of a name, or of the module of a `file:` URL. @throws `UsageError` for what is none */
export async function loadScenario(ref: string): Promise<Scenario> {
  if (!ref.startsWith('file:')) return knownAs<Scenario>('scenario', scenarios, ref)
  const found = await importDefault(ref, example)
  const path = shownPath(ref)
  if (typeof found !== 'object' || found === null)
    throw new UsageError(
      `the default export of ${path} is ${found === null ? 'null' : `a ${typeof found}`}, no scenario. ${example}`,
    )
  const missing = parts.filter((part) => !(part in found))
  if (missing.length > 0)
    throw new UsageError(`the scenario of ${path} lacks ${missing.join(', ')}. ${example}`)
  try {
    checkScenario(found as Scenario)
  } catch (error) {
    throw new UsageError(
      `the scenario of ${path} can't be run: ${(error as Error).message.replace('storm: ', '')}`,
      {
        cause: error,
      },
    )
  }
  return found as Scenario
}
