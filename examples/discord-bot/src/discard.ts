/** Reads a body that nobody wants to its end, so that its connection can be used again. */
export async function discard(response: Response | undefined): Promise<void> {
  // What breaks off is no loss.
  await response?.arrayBuffer().catch(() => {})
}
