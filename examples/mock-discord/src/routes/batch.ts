import type { OutgoingReply } from '../machinery.ts'
import { refused } from './api-error.ts'
import { json, type PartReply, type PartRequest, type Route, type RouteContext } from './route.ts'

/** How many requests a batch may have, as of Discord's own bulk endpoints. */
const maxParts = 100

interface JsonPart {
  readonly id?: unknown
  readonly method?: unknown
  readonly url?: unknown
  readonly headers?: unknown
  readonly body?: unknown
}

/**
 * Takes several requests in one, as a JSON array or as `multipart/mixed`; Discord itself has no such endpoint. The
 * gateway counts a batch once; limits, faults and the backend meet each part of it.
 */
export const batchRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/batch',
    service: 'gateway',
    open: true,
    unlimited: true,
    handle: (context) =>
      /^multipart\/mixed/i.test(context.contentType) ? multipart(context) : ofJson(context),
  },
]

async function answers(
  { dispatch }: RouteContext,
  parts: readonly PartRequest[],
): Promise<readonly PartReply[]> {
  if (parts.length > maxParts) throw refused.tooManyParts(maxParts)
  return Promise.all(parts.map(dispatch))
}

async function ofJson(context: RouteContext): Promise<OutgoingReply> {
  const parts: unknown = parsed(context.text)
  if (!Array.isArray(parts) || !parts.every((part) => part instanceof Object)) throw refused.json()
  const requests = (parts as JsonPart[]).map(({ method, url, headers, body }) => ({
    method: String(method ?? 'GET'),
    url: String(url),
    headers: Object(headers) as Record<string, string>,
    body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
  }))
  const replies = await answers(context, requests)
  return json(
    replies.map(({ status, headers, body }, place) => ({
      id: (parts as JsonPart[])[place]?.id ?? String(place),
      status,
      headers,
      body: /json/.test(headers['content-type'] ?? '') ? parsed(body) : body,
    })),
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refused.json()
  }
}

async function multipart(context: RouteContext): Promise<OutgoingReply> {
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(context.contentType) ?? []
  const texts = `\r\n${context.text}`.split(`\r\n--${quoted ?? bare}`).slice(1, -1)
  const replies = await answers(context, texts.map(partOf))
  const boundary = 'mock-batch'
  const parts = replies.map(({ status, headers, body }, place) => {
    const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const id = /^content-id:\s*<([^>]*)>/im.exec(texts[place] ?? '')?.[1] ?? String(place)
    return (
      `--${boundary}\r\nContent-Type: application/http\r\nContent-ID: <response-${id}>\r\n\r\n` +
      `HTTP/1.1 ${status} \r\n${fields.join('')}\r\n${body}\r\n`
    )
  })
  return {
    status: 200,
    headers: { 'content-type': `multipart/mixed; boundary=${boundary}` },
    body: `${parts.join('')}--${boundary}--\r\n`,
  }
}

/** A request in the form of HTTP, behind the fields of its part. */
function partOf(text: string): PartRequest {
  const http = text.slice(text.indexOf('\r\n\r\n') + 4)
  const end = http.indexOf('\r\n\r\n')
  const [first = '', ...lines] = http.slice(0, end).split('\r\n')
  const [method = 'GET', url = '/'] = first.split(' ')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { method, url, headers, body: http.slice(end + 4) || undefined }
}
