import {
  type Clock,
  checkNumber,
  type Random,
  systemRandom,
  type Timer,
  timeoutClock,
} from '@evenkeel/core'
import type { FleetHintPolicy } from './fleet-hint.ts'
import { fleetHintField, parseFleetHint } from './fleet-hint-field.ts'

/** What {@link pollFleetHint} can be told. */
export interface PollOptions {
  /** The key that the hint is for. */
  readonly key: string
  /** Between two looks, jittered by half. @defaultValue 10_000: what a server should publish anew */
  readonly intervalMs?: number | undefined
  /** @defaultValue the platform's */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Ends it. */
  readonly signal?: AbortSignal | undefined
  /** @defaultValue `timeoutClock`: no look keeps a process alive */
  readonly clock?: Clock | undefined
  /** @defaultValue `systemRandom` */
  readonly random?: Random | undefined
}

/**
 * Looks for a hint in a small document, at once and then regularly: so that it is known before the first call. The document
 * carries it as the field `Fleet-Hint`, or as that field's text in its body; it belongs on a CDN, with a `Cache-Control` of
 * seconds, where a million looks are no load of the API's.
 *
 * @returns a function that ends it
 */
export function pollFleetHint(
  hint: Pick<FleetHintPolicy, 'set'>,
  url: string | URL,
  {
    key,
    intervalMs = 10_000,
    fetch = (input, init) => globalThis.fetch(input, init),
    signal,
    clock = timeoutClock,
    random = systemRandom,
  }: PollOptions,
): () => void {
  checkNumber('pollFleetHint', 'intervalMs', intervalMs, 1000)
  const controller = new AbortController()
  let timer: Timer | undefined

  async function look(): Promise<void> {
    try {
      const response = await fetch(url, { signal: controller.signal, credentials: 'omit' })
      const body = await response.text()
      const found = parseFleetHint(response.headers.get(fleetHintField) ?? body.trim())
      if (response.ok && found) hint.set(key, found)
    } catch {
      // The hint that is known runs out by itself.
    }
    if (controller.signal.aborted) return
    const delayMs = intervalMs * (1 + random() / 2)
    timer = clock.scheduleAt(clock.now() + delayMs, look)
  }

  function stop(): void {
    controller.abort()
    timer?.cancel()
    signal?.removeEventListener('abort', stop)
  }

  if (signal?.aborted) return stop
  signal?.addEventListener('abort', stop)
  look()
  return stop
}
