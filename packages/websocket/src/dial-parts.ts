import { innerConstructor } from '#platform'
import type { WebSocketConstructor } from './inner-socket.ts'
import type { DialFacts, Provided } from './options.ts'
import type { Settings } from './settings.ts'

/** What a dial needs, in the order in which it is asked for. */
export type Parts = [
  url: string | URL,
  protocols: string | readonly string[],
  headers: Readonly<Record<string, string>> | undefined,
  Inner: WebSocketConstructor,
]

/** Asks for the parts of a dial, and goes on with them: at once, unless one of them makes it wait. */
export function askParts(
  { url, protocols, headers, WebSocket }: Settings,
  facts: Omit<DialFacts, 'signal'>,
  signal: () => AbortSignal,
  then: (parts: Parts) => void,
  fail: (error: unknown) => void,
): void {
  const ask = <T>(provided: Provided<T>): T | PromiseLike<T> =>
    typeof provided === 'function'
      ? (provided as (dial: DialFacts) => T)({ ...facts, signal: signal() })
      : provided
  try {
    const parts = [ask(url), ask(protocols), ask(headers), innerConstructor(WebSocket, !!headers)]
    if (parts.some((part) => typeof (part as PromiseLike<unknown>)?.then === 'function'))
      Promise.all(parts)
        .then(then as never)
        .catch(fail)
    else then(parts as Parts)
  } catch (error) {
    fail(error)
  }
}
