import { type PollOptions, pollDocument } from '../poll-document.ts'
import { serverPolicyField } from './server-policy.ts'
import type { Steering } from './steering.ts'

/**
 * Looks for a server's policy in a small document, at once and then regularly. The document carries it as the field
 * `Evenkeel-Policy`, or as that field's text in its body; what it says runs out by itself when it can't be reached.
 *
 * @returns a function that ends it
 */
export function pollPolicy(
  steering: Pick<Steering, 'learn'>,
  url: string | URL,
  { key, ...options }: PollOptions,
): () => void {
  const onText = (text: string, ageMs: number | undefined): void => steering.learn(key, text, ageMs)
  return pollDocument({ owner: 'pollPolicy', url, field: serverPolicyField, onText }, options)
}
