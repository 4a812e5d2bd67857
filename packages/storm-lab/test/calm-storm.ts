import {
  type ClientRules,
  contender,
  minutes,
  type Report,
  runStorm,
  type Scenario,
} from '../src/index.ts'

/** A service with time to spare, for ten minutes. */
export const calm: Scenario = {
  name: 'calm',
  about: 'Nothing happens.',
  durationMs: minutes(10),
  trigger: [minutes(2), minutes(4)],
  load: { callsPerSecond: 20, callsPerClient: 0.1 },
  backend: { service: { workers: 20, serviceMs: 100 } },
}

/** Sends one attempt, and waits. */
export const patient = (rules: ClientRules = {}) =>
  contender('patient', 'Sends one attempt.', {
    retry: false,
    cooldown: false,
    circuitBreaker: false,
    ...rules,
  })

/** Runs it, with changes, for 200 patient clients. */
export const run = (changes: Partial<Scenario>, rules?: ClientRules, seed = 1): Promise<Report> =>
  runStorm({ ...calm, ...changes }, { clients: 200, seed, contenders: [patient(rules)] })

export const phaseOf = ({ contenders: [only] }: Report, name: string) => {
  const found = only?.phases.find((phase) => phase.name === name)
  if (!found) throw new Error(`no phase ${name}`)
  return found
}
