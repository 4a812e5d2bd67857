/** `fetch` as the platform has it. */
export type Fetch = typeof globalThis.fetch
