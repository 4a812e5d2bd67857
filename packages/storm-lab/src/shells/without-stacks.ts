/**
 * Spares all errors their stacks, until what it returns is called: nobody reads those of simulated clients, and
 * of the time in which whole clients fail, the stacks take the larger part.
 */
export function withoutStacks(): () => void {
  const errors = Error as { stackTraceLimit?: unknown }
  const before = errors.stackTraceLimit
  errors.stackTraceLimit = 0
  return () => {
    errors.stackTraceLimit = before
  }
}
