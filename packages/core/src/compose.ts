import type { CallContext, Next, Policy } from './policy.ts'

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
    execute: <T>(next: Next<T>, context: CallContext): Promise<T> =>
      policies.reduceRight<Next<T>>(
        (inner, policy) => (derived) => policy.execute(inner, derived),
        next,
      )(context),
  }
}
