import {
  type Clock,
  checkNumber,
  type Random,
  systemRandom,
  type Timer,
  timeoutClock,
} from '@evenkeel/core'
import { decimalMs } from './headers/decimal-ms.ts'

/** What a poll of a document can be told. */
export interface PollOptions {
  /** The key that the document is for. */
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

/** What a document is expected to be. */
export interface PolledDocument {
  /** Names the poll in errors about its options. */
  readonly owner: string
  readonly url: string | URL
  /** The field that carries the text; else the body does. */
  readonly field: string
  /** Told of every text that was found, and how old it is. */
  readonly onText: (text: string, ageMs: number | undefined) => void
}

/** The longest document that is read: what is polled is a line. */
const maxLength = 4096

/**
 * Looks at a small document, at once and then regularly, until it is told to stop. Asks again by ETag, where no page would
 * have to ask other origins first; a page's own HTTP cache does it by itself.
 *
 * @returns a function that ends it
 */
export function pollDocument(
  { owner, url, field, onText }: PolledDocument,
  {
    intervalMs = 10_000,
    fetch = (input, init) => globalThis.fetch(input, init),
    signal,
    clock = timeoutClock,
    random = systemRandom,
  }: Omit<PollOptions, 'key'>,
): () => void {
  checkNumber(owner, 'intervalMs', intervalMs, 1000)
  const controller = new AbortController()
  const asksByTag = !globalThis.location
  let timer: Timer | undefined
  let tag: string | null = null
  let known = ''

  async function read(): Promise<void> {
    const response = await fetch(url, {
      signal: controller.signal,
      credentials: 'omit',
      ...(tag && { headers: { 'if-none-match': tag } }),
    })
    const { headers, ok, status } = response
    const body = await response.text()
    const text = headers.get(field) ?? body.trim()
    const isSame = status === 304 && tag
    if (!ok && !isSame) return
    if (ok) {
      known = text.length > maxLength ? '' : text
      tag = asksByTag ? headers.get('etag') : null
    }
    onText(known, decimalMs(headers.get('age')))
  }

  async function look(): Promise<void> {
    // What is known runs out by itself.
    await read().catch(() => {})
    if (controller.signal.aborted) return
    timer = clock.scheduleAt(clock.now() + intervalMs * (1 + random() / 2), look)
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
