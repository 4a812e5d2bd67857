import { type Load, type Scenario, scenarios } from '@evenkeel/storm-lab'
import type { Phase, PhaseName } from './phase.ts'

type Complete<T> = { readonly [Name in keyof T]-?: NonNullable<T[Name]> }

/** The storm lab's scenario: what it says of users, load and server holds here too. */
export const sharedScenario = scenarios['incident-replay']

/** What its users do; it leaves nothing to defaults. */
export const sharedLoad = sharedScenario.load as Complete<Load>

/** The gateway that holds their sockets, and when it drops them. */
export const sharedSockets = sharedScenario.sockets as Complete<NonNullable<Scenario['sockets']>>

/** Gives the load at an instant as a multiple of a normal day's: straight lines between the points of its shape. */
export function loadFactor(shape: Complete<Load>['shape'], atMs: number): number {
  const next = shape.findIndex(([pointMs]) => pointMs >= atMs)
  const [toMs, to] = shape[next] ?? shape.at(-1) ?? [0, 1]
  const [fromMs, from] = shape[next - 1] ?? [toMs, to]
  return toMs > fromMs && next > 0 ? from + ((to - from) * (atMs - fromMs)) / (toMs - fromMs) : to
}

/** The phases of the shared scenario, with the load at both ends. */
export function sharedPhases(): readonly Phase[] {
  return (sharedScenario.phases ?? []).map(({ name, fromMs, toMs }) => ({
    name: name as PhaseName,
    durationMs: toMs - fromMs,
    fromLoad: loadFactor(sharedLoad.shape, fromMs),
    toLoad: loadFactor(sharedLoad.shape, toMs),
  }))
}
