import { EvenkeelError } from '@evenkeel/core'
import { formBlob } from './form-blob.ts'

/** How a request is to be made, apart from what is in it. */
export type RequestFields = Pick<
  RequestInit,
  'cache' | 'credentials' | 'integrity' | 'keepalive' | 'mode' | 'redirect' | 'referrerPolicy'
>

/** A request as it waits in a store: plain data, with text as text, so that it can be edited. */
export interface StoredRequest {
  readonly method: string
  /** Absolute. */
  readonly url: string
  /** Without those that are credentials, and without the idempotency key, which the entry has. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | Uint8Array<ArrayBuffer> | undefined
  readonly fields: RequestFields
}

/** What fetch is given first. */
export type RequestInput = Parameters<typeof globalThis.fetch>[0]

const fieldNames = [
  'cache',
  'credentials',
  'integrity',
  'keepalive',
  'mode',
  'redirect',
  'referrerPolicy',
] as const

/** What is given, with all of its headers. */
export interface ReadRequest extends Omit<StoredRequest, 'headers'> {
  readonly headers: Headers
  readonly signal: AbortSignal | undefined
}

type Body = Pick<StoredRequest, 'body'> & { readonly type?: string | null }

const isStream = (body: object): boolean =>
  'getReader' in body || 'pipe' in body || Symbol.asyncIterator in body

/** Reads what can be sent more than once. @throws `BODY_NOT_STORABLE` */
async function readBody(body: BodyInit | null | undefined): Promise<Body> {
  if (body === null || body === undefined) return { body: undefined }
  // What is no object is sent as text, as fetch does.
  if (typeof body !== 'object') return { body: String(body) }
  if (body instanceof URLSearchParams)
    return { body: String(body), type: 'application/x-www-form-urlencoded;charset=UTF-8' }
  if (isStream(body))
    throw new EvenkeelError(
      'BODY_NOT_STORABLE',
      'The body is a stream, which can be sent only once: give its bytes, a Blob or FormData',
    )
  // The platform knows how a Blob and a buffer are written, and what that is called.
  const carrier = new Response(body instanceof FormData ? formBlob(body) : body)
  const type = carrier.headers.get('content-type')
  return { body: new Uint8Array(await carrier.arrayBuffer()), type }
}

/** Reads a request whole: what is sent now and what is sent later are the same bytes. */
export async function readRequest(
  input: RequestInput,
  init: RequestInit,
  baseUrl: string | URL | undefined,
): Promise<ReadRequest> {
  const given = typeof input === 'object' && 'method' in input ? input : undefined
  const { url } = given ?? { url: String(input) }
  const headers = new Headers(init.headers ?? given?.headers)
  const fields: Record<string, unknown> = {}
  for (const name of fieldNames) {
    const value = init[name] ?? given?.[name]
    if (value !== undefined) fields[name] = value
  }
  const { body, type }: Body =
    init.body === undefined && given?.body
      ? { body: new Uint8Array(await given.clone().arrayBuffer()) }
      : await readBody(init.body)
  if (type && !headers.has('content-type')) headers.set('content-type', type)
  const method = (init.method ?? given?.method ?? 'GET').toUpperCase()
  const { href } = new URL(url, baseUrl ?? globalThis.location?.href)
  // Refuses what fetch would refuse at every send, a password in the URL for one: a disk is no place for it.
  new Request(href, { method })
  return {
    method,
    url: href,
    headers,
    body,
    fields,
    signal: (init.signal === undefined ? given?.signal : init.signal) ?? undefined,
  }
}

const credentials =
  /^(proxy-)?authorization$|^cookie$|api-?key|csrf|xsrf|password|secret|signature|token/

/** Whether a header by its name is no credential: those are not written to a disk. */
export function isHarmless(name: string): boolean {
  return !credentials.test(name)
}
