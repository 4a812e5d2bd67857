import type { BatchCodec, BatchedRequest } from './codec.ts'
import { malformed, partResponse } from './part-response.ts'

/** What {@link multipartBatch} can be told. */
export interface MultipartBatchOptions {
  /** What stands between the parts; a number is added while a part has it. @defaultValue `'evenkeel-batch'` */
  readonly boundary?: string | undefined
}

/**
 * Batches as `multipart/mixed` (RFC 2046 §5.1) with a part of `application/http` (RFC 9112 §10.2) for each request, as
 * Google's APIs and OData 4 take them. Responses come in the order of the requests, or name them by
 * `Content-ID: <response-0>`.
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
      const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? []
      const delimiter = quoted ?? bare
      if (!delimiter) throw malformed()
      const results: (Response | Error)[] = requests.map(() => malformed())
      for (const [place, part] of split(await response.text(), delimiter).entries()) {
        const [head, http] = cut(part)
        const named = /^content-id:\s*<(?:response-)?(\d+)>/im.exec(head)?.[1]
        const request = requests[Number(named ?? place)]
        if (request) results[Number(named ?? place)] = decodePart(request, http)
      }
      return results
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

/** The parts between the delimiters, without what stands before the first and after the last. */
function split(text: string, delimiter: string): string[] {
  const [whole = ''] = `\r\n${text.replace(/\r?\n/g, '\r\n')}`.split(`\r\n--${delimiter}--`)
  return whole.split(`\r\n--${delimiter}\r\n`).slice(1)
}

/** Head and body, at the first empty line. */
function cut(part: string): readonly [head: string, body: string] {
  const at = part.startsWith('\r\n') ? 0 : part.indexOf('\r\n\r\n')
  return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at).replace(/^(\r\n){1,2}/, '')]
}

function decodePart({ url }: BatchedRequest, http: string): Response | Error {
  const [head, body] = cut(http)
  const [statusLine = '', ...lines] = head.split('\r\n')
  const status = /^HTTP\/\d\S* (\d{3})/.exec(statusLine)?.[1]
  if (!status) return malformed()
  const fields = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':')
    return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]] : []
  })
  return partResponse(url, Number(status), fields, body)
}
