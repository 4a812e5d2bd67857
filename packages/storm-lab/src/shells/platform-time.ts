import type { Clock, Random, Timer } from '@evenkeel/core'

/** What libraries ask the platform for. */
type Platform = Record<string, unknown>

/** What `setTimeout` gives, in Node and as a number. */
class VirtualTimeout {
  readonly #timer: Timer

  constructor(timer: Timer) {
    this.#timer = timer
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  cancel(): void {
    this.#timer.cancel()
  }
}

/** As `AbortSignal.timeout`, on a clock. */
export function timeoutSignal(delayMs: number, clock: Clock): AbortSignal {
  const controller = new AbortController()
  const reason = (): DOMException => new DOMException('The operation timed out', 'TimeoutError')
  clock.scheduleAt(clock.now() + delayMs, () => controller.abort(reason()))
  return controller.signal
}

/**
 * Puts virtual time and seeded chance in the place of the platform's, for libraries that take neither;
 * what it returns puts the platform's back.
 */
export function virtualPlatform(clock: Clock, random: Random): () => void {
  const saved: (() => void)[] = []
  function replace(owner: object, name: string, value: unknown): void {
    const before = Object.getOwnPropertyDescriptor(owner, name) as PropertyDescriptor
    Object.defineProperty(owner, name, { configurable: true, writable: true, value })
    saved.push(() => Object.defineProperty(owner, name, before))
  }
  const platform = globalThis as unknown as Platform
  const later = (callback: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) =>
    new VirtualTimeout(clock.scheduleAt(clock.now() + delayMs, () => callback(...args)))
  replace(platform, 'setTimeout', later)
  replace(platform, 'clearTimeout', (timeout?: VirtualTimeout) => timeout?.cancel?.())
  replace(Date, 'now', () => clock.wallNow())
  replace(Math, 'random', random)
  replace(Object.getPrototypeOf(performance), 'now', () => clock.now())
  replace(AbortSignal, 'timeout', (delayMs: number) => timeoutSignal(delayMs, clock))
  return () => {
    for (const restore of saved) restore()
  }
}
