/**
 * Makes an error without a stack: capturing one takes longer than the rest of a call that is refused, most calls of an
 * overload are, and its frames would all be of evenkeel.
 */
export function withoutStack<E extends Error>(make: () => E): E {
  const { stackTraceLimit } = Error
  // Fails, and does not throw, where intrinsics are frozen.
  const limitTo = (frames: number) =>
    stackTraceLimit > 0 && Reflect.set(Error, 'stackTraceLimit', frames)
  limitTo(0)
  try {
    return make()
  } finally {
    limitTo(stackTraceLimit)
  }
}
