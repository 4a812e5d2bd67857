/** For how many hops nothing may come before a tick counts as over: an `await` in between takes one to three. */
const quietHops = 8

/**
 * Calls back when nothing more is added in this tick. It follows the microtasks rather than a timer or
 * `process.nextTick`, so that it costs no time, and is the same in every runtime.
 */
export function afterThisTick(of: { readonly size: number }, callback: () => void): void {
  // A reaction of a promise takes Node half of an `await` or a `queueMicrotask`.
  const hop = Promise.resolve()
  let seen = -1
  let quiet = 0
  const look = (): void => {
    const now = of.size
    quiet = now === seen ? quiet + 1 : 0
    seen = now
    if (quiet < quietHops) hop.then(look)
    else callback()
  }
  look()
}
