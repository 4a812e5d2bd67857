import { resultsById } from '../results.ts'
import type { BatchCodec, BatchedRequest } from './codec.ts'
import { malformed, missing, partResponse } from './part-response.ts'

/** What {@link multipartBatch} can be told. */
export interface MultipartBatchOptions {
  /** What stands between the parts; a number is added while a part has it. @defaultValue `'evenkeel-batch'` */
  readonly boundary?: string | undefined
}

/**
 * Batches as `multipart/mixed` (RFC 2046 §5.1) with a part of `application/http` (RFC 9112 §10.2) for each request, as
 * Google's APIs and OData 4 take them. Responses name their requests by `Content-ID: <response-0>`, or come in their
 * order and as many as they. What has been cut off is an error of its caller alone, and so is what is missing or comes
 * twice.
 */
export function multipartBatch({
  boundary = 'evenkeel-batch',
}: MultipartBatchOptions = {}): BatchCodec {
  return {
    encode(requests) {
      const parts = requests.map(encodePart)
      let delimiter = boundary
      for (let i = 1; parts.some((part) => part.includes(`--${delimiter}`)); i++)
        delimiter = `${boundary}-${i}`
      return {
        headers: { 'content-type': `multipart/mixed; boundary=${delimiter}` },
        body: `${parts.map((part) => `--${delimiter}\r\n${part}\r\n`).join('')}--${delimiter}--\r\n`,
      }
    },
    async decode(response, requests) {
      const type = response.headers.get('content-type') ?? ''
      const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? []
      const delimiter = quoted ?? bare
      if (!delimiter) throw malformed()
      const parts = split(await bytesAsText(response), delimiter)
      const byId = resultsById(parts.entries(), ([place, [head]]) => {
        const named = /^content-id:\s*<?(?:response-)?(\d+)>?\s*$/im.exec(head)?.[1]
        // Of fewer parts than requests nobody knows whose each is.
        return named ? Number(named) : parts.length === requests.length ? place : undefined
      })
      return requests.map((request, place) => {
        const part = byId.get(place) ?? missing()
        return part instanceof Error ? part : decodePart(request, part[1][1])
      })
    },
  }
}

function encodePart({ method, url, headers, body }: BatchedRequest, place: number): string {
  const fields = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return (
    `Content-Type: application/http\r\nContent-ID: <${place}>\r\n\r\n` +
    `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${fields}\r\n${body ?? ''}`
  )
}

/** A character for each byte: bodies are not all text. */
async function bytesAsText(response: Response): Promise<string> {
  let text = ''
  for (const byte of new Uint8Array(await response.arrayBuffer())) text += String.fromCharCode(byte)
  return text
}

/** The head and what it is of, for each part; nothing of a last one that no delimiter follows: it has been cut off. */
function split(text: string, delimiter: string): (readonly [head: string, http: string])[] {
  const escaped = delimiter.replace(/\W/g, '\\$&')
  const line = new RegExp(`(?:^|\\r?\\n)--${escaped}(--)?[ \\t]*(?=\\r?\\n|$)`)
  // What the pattern captures, whether a delimiter is the last, stands between the parts.
  const pieces = text.split(line)
  if (pieces.length < 2) throw malformed()
  const parts: (readonly [string, string])[] = []
  for (let at = 2; at < pieces.length && !pieces[at - 1]; at += 2) {
    const [head, http] = cut(pieces[at] as string)
    parts.push([head, at + 1 < pieces.length ? http : ''])
  }
  return parts
}

/** Head and body, at the first empty line. */
function cut(part: string): readonly [head: string, body: string] {
  const gap = /\r?\n\r?\n/.exec(part)
  return gap ? [part.slice(0, gap.index), part.slice(gap.index + gap[0].length)] : [part, '']
}

function decodePart({ url }: BatchedRequest, http: string): Response | Error {
  const [head, body] = cut(http)
  // A line that begins with a space goes on with the one before (RFC 9112 §5.2).
  const [statusLine = '', ...lines] = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const status = /^HTTP\/\d\S* (\d{3})/.exec(statusLine)?.[1]
  if (!status) return malformed()
  const fields = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':')
    return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]] : []
  })
  const bytes = Uint8Array.from(body, (character) => character.charCodeAt(0))
  return partResponse(url, Number(status), fields, bytes)
}
