import { type PollOptions, pollDocument } from '../poll-document.ts'
import type { FleetHintPolicy } from './fleet-hint.ts'
import { fleetHintField, parseFleetHint } from './fleet-hint-field.ts'

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
  { key, ...options }: PollOptions,
): () => void {
  const onText = (text: string, ageMs: number | undefined): void => {
    const found = parseFleetHint(text)
    if (found) hint.set(key, found, ageMs)
  }
  return pollDocument({ owner: 'pollFleetHint', url, field: fleetHintField, onText }, options)
}
