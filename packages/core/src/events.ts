const report = (error: unknown): void => console.error('evenkeel: a listener threw', error)

/** Hands a fact to a listener; one that throws, or rejects, is reported, and breaks no call. */
export function notify<E>(listener: ((event: E) => void) | undefined, event: E): void {
  try {
    const outcome: unknown = listener?.(event)
    ;(outcome as Partial<Promise<void>> | undefined)?.catch?.(report)
  } catch (error) {
    report(error)
  }
}
