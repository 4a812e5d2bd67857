/** Reads a body whole, unless it is longer than that: then it lets go of it. */
export async function readBody({ body }: Response, maxBytes: number): Promise<Blob | undefined> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  const reader = body?.getReader()
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.byteLength
    if (size > maxBytes) {
      reader?.cancel().catch(() => {})
      return undefined
    }
    parts.push(part.value)
  }
  return new Blob(parts)
}
