/**
 * A promise that rejects as soon as whoever asked for it can listen: one that already is rejected counts as unhandled
 * until then, and to see to that takes Node.js longer than the rest of a refusal.
 */
export function rejected(reason: unknown): Promise<never> {
  return new Promise((_, reject) => Promise.resolve().then(() => reject(reason)))
}
