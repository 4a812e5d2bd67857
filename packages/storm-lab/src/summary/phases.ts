import type { Report } from '../report/report.ts'

/** A stretch of time that a person can name. */
export interface NamedPhase {
  readonly name: string
  readonly fromMs: number
  readonly toMs: number
}

/** The phases of a report in the order of time; what is on both sides of the trigger is no phase of its own. */
export function namedPhases({ scenario, contenders: [first] }: Report): readonly NamedPhase[] {
  const own = (first?.phases ?? []).filter(({ name }) => name !== 'before' && name !== 'after')
  const { trigger, peak } = scenario
  const isPart = peak[0] > trigger[0] || peak[1] < trigger[1]
  const whole =
    own.length > 1 || !isPart ? [] : [{ name: 'trigger', fromMs: trigger[0], toMs: trigger[1] }]
  return [...whole, ...own]
    .map(({ name, fromMs, toMs }) => ({ name, fromMs, toMs }))
    .sort((a, b) => a.fromMs - b.fromMs || b.toMs - a.toMs)
}
