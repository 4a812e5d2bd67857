/** The longest body that is looked into: what says when to come back is short. */
const maxBytes = 65_536

/**
 * Reads the body of an answer as JSON, if it says that it is that and is shorter than 64 KiB; it can
 * still be read. For `readRetryAfterBody`; never rejects.
 */
export async function peekJson(response: Response): Promise<unknown> {
  const { headers } = response
  try {
    if (
      !headers.get('content-type')?.startsWith('application/json') ||
      Number(headers.get('content-length')) > maxBytes
    )
      return undefined
    const reader = response.clone().body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      text += part.value
      if (text.length > maxBytes) {
        // Not awaited: it waits for the caller to let go of the other half.
        reader?.cancel().catch(() => {})
        return undefined
      }
    }
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
