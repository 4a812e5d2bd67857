import type { Policy } from './policy.ts'

/** Several policies that act as one. */
export interface Pipeline extends Policy {
  /** The policies, outermost first. */
  readonly policies: readonly Policy[]
}

/** Nests policies into one; the first listed is the outermost. */
export function compose(...policies: readonly Policy[]): Pipeline {
  const execute = policies.reduceRight<Policy['execute']>(
    (inner, outer) => (next, context) => outer.execute((derived) => inner(next, derived), context),
    (next, context) => next(context),
  )
  return { name: policies.map(({ name }) => name).join(' → '), policies, execute }
}
