import { resultsById } from '../results.ts'
import type { BatchCodec } from './codec.ts'
import { malformed, missing, partResponse } from './part-response.ts'

/** What {@link jsonBatch} can be told. */
export interface JsonBatchOptions {
  /** The members that hold the requests and the responses. @defaultValue none: bare arrays */
  readonly envelope?: { readonly requests: string; readonly responses: string } | undefined
}

interface JsonPart {
  readonly id?: unknown
  readonly status?: unknown
  readonly headers?: unknown
  readonly body?: unknown
}

const isRecord = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Batches as a JSON array. Each request is `{ "id", "method", "url", "headers", "body" }`, with the path and query as
 * `url`, and a `body` that is JSON where the request's type is. The answer is an array of
 * `{ "id", "status", "headers", "body" }` in any order; an `id` that is missing or comes twice is an error of its
 * caller alone. Microsoft Graph and OData 4.01 JSON batches have the same members, in an object: `envelope` names it.
 */
export function jsonBatch({ envelope }: JsonBatchOptions = {}): BatchCodec {
  return {
    encode(requests) {
      const parts = requests.map(({ method, url, headers, body }, place) => ({
        id: String(place),
        method,
        url: url.pathname + url.search,
        headers: Object.fromEntries(headers),
        ...(body !== undefined && { body: isJson(headers) ? parsed(body) : body }),
      }))
      return {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(envelope ? { [envelope.requests]: parts } : parts),
      }
    },
    async decode(response, requests) {
      const answer: unknown = await response.json()
      const parts: unknown =
        envelope && isRecord(answer) && Object.hasOwn(answer, envelope.responses)
          ? answer[envelope.responses]
          : answer
      if (!Array.isArray(parts)) throw malformed()
      const byId = resultsById<JsonPart>(parts.filter(isRecord), ({ id }) => String(id))
      return requests.map(({ url }, place) => {
        const part = byId.get(String(place)) ?? missing()
        if (part instanceof Error) return part
        const { status, headers, body } = part
        try {
          const fields = new Headers(isRecord(headers) ? headers : {})
          const text = textOf(body, isJson(fields))
          if (text !== undefined && !fields.has('content-type'))
            fields.set('content-type', typeof body === 'string' ? 'text/plain' : 'application/json')
          return partResponse(url, Number(status), fields, text)
        } catch (cause) {
          return malformed(cause)
        }
      })
    },
  }
}

function isJson(headers: Headers): boolean {
  return /\bjson\b/i.test(headers.get('content-type') ?? '')
}

/** The body of a part as the server would have sent it alone: JSON where its type is, even if it says `null`. */
function textOf(body: unknown, ofJson: boolean): string | undefined {
  if (body === undefined || (body === null && !ofJson)) return undefined
  // Some servers put JSON into a string.
  return typeof body === 'string' && !(ofJson && parsed(body) === body)
    ? body
    : JSON.stringify(body)
}

/** As JSON, so that the server gets an object and not a string; as it is when it is none. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
