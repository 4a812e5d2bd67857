/** For how many hops nothing may come before a tick counts as over: an `await` in between takes one to three. */
const quietHops = 8

/**
 * Calls back when nothing more is added in this tick. It follows the microtasks rather than a timer or
 * `process.nextTick`, so that it costs no time, and is the same in every runtime.
 */
export async function afterThisTick(size: () => number, callback: () => void): Promise<void> {
  let seen = -1
  for (let quiet = 0; quiet < quietHops; quiet++) {
    const now = size()
    if (now !== seen) quiet = 0
    seen = now
    // In Node a third of what `queueMicrotask` costs.
    await undefined
  }
  callback()
}
