/** What messages hold, by the path under which a server sends them. */
export const payloads: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {
  small: 'x'.repeat(16),
  text: 'x'.repeat(1024),
  binary: new Uint8Array(1024),
}

/** How many messages go one way before one goes back. */
export const batchLength = 100
