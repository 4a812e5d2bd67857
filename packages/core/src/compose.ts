import type { Next, Policy } from './policy.ts'

/** Several policies that act as one. */
export interface Pipeline extends Policy {
  /** The policies, outermost first. */
  readonly policies: readonly Policy[]
}

/** Nests policies into one; the first listed is the outermost. */
export function compose(...policies: readonly Policy[]): Pipeline {
  return {
    name: policies.map(({ name }) => name).join(' → '),
    policies,
    execute: (next, context) => nest(policies, next)(context),
  }
}

/** Policies around what stays the same from call to call, for {@link runNested}. */
export function nest<T>(policies: readonly Policy[], action: Next<T>): Next<T> {
  return policies.reduceRight<Next<T>>(
    (next, policy) => (context) => policy.execute(next, context),
    action,
  )
}
