/**
 * Calls back when nothing more is added in this tick: not within eight to eleven hops of the microtasks, of which an `await` takes
 * one to three. It follows these rather than a timer or `process.nextTick`, so that it costs no time, and is the same in every
 * runtime.
 */
export function afterThisTick(of: { readonly size: number }, callback: () => void): void {
  // A reaction of a promise takes Node half of an `await` or a `queueMicrotask`, and one without a function a little less.
  const hop = Promise.resolve()
  let seen = 0
  let quiet = 0
  const look = (): void => {
    quiet = of.size === seen ? quiet + 1 : 0
    seen = of.size
    if (quiet < 2) hop.then().then().then().then(look)
    else callback()
  }
  hop.then(look)
}
