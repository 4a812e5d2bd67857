/** Hands a fact to a listener; one that throws is reported, and breaks no call. */
export function notify<E>(listener: ((event: E) => void) | undefined, event: E): void {
  try {
    listener?.(event)
  } catch (error) {
    console.error('evenkeel: a listener threw', error)
  }
}
