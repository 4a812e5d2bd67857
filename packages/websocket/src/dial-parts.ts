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

/** Asks for the parts of a dial, of which some may be to come. */
export function partsOf(
  { url, protocols, headers, WebSocket }: Settings,
  dial: DialFacts,
): unknown[] {
  const parts = [url, protocols, headers].map((provided: Provided<unknown>) =>
    typeof provided === 'function' ? provided(dial) : provided,
  )
  return [...parts, innerConstructor(WebSocket, !!headers)]
}
