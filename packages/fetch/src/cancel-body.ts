/** Ends a body that nobody will read; of node-fetch it is a stream of Node's. */
export function cancelBody(body: ReadableStream | null | undefined): void {
  if (body?.cancel) body.cancel().catch(() => {})
  else (body as { destroy?(): void } | null | undefined)?.destroy?.()
}
