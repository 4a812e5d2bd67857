import { finished } from 'node:stream/promises'
import type { FastifyRequest } from 'fastify'
import { ApiError, refused } from './routes/api-error.ts'
import { maxFileBytes, maxRequestBytes } from './routes/attachments.ts'
import type { Fields } from './routes/form.ts'
import type { UploadedFile } from './routes/route.ts'

/** A body as it came: not yet parsed, since most of what is refused is refused without a look. */
export interface RequestBody {
  readonly text: string
  /** The form's own fields, where a multipart body has no `payload_json`. */
  readonly fields?: Fields | undefined
  readonly files: readonly UploadedFile[]
  readonly error?: ApiError | undefined
}

const empty: RequestBody = { text: '', files: [] }
const tooLarge: RequestBody = { text: '', files: [], error: refused.tooLarge() }

// One whose address can't be decoded comes without what plugins bring.
const isForm = (request: FastifyRequest): boolean =>
  'isMultipart' in request && request.isMultipart()

/** Reads a body whole; rejects only when the client goes away meanwhile. */
export async function readBody(request: FastifyRequest): Promise<RequestBody> {
  if (request.method === 'GET') return empty
  const { raw } = request
  const body =
    Number(request.headers['content-length']) > maxRequestBytes
      ? tooLarge
      : await (isForm(request) ? readParts(request) : readText(request))
  // A client that is still sending would see the connection close, and not the reply.
  if (body.error && !raw.complete) await finished(raw.unpipe().resume())
  return body
}

// By its events: an iterator costs more than the rest of a small request.
function readText({ raw }: FastifyRequest): Promise<RequestBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    raw.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxRequestBytes) resolve(tooLarge)
      else chunks.push(chunk)
    })
    raw.on('end', () => resolve({ text: Buffer.concat(chunks).toString(), files: [] }))
    raw.on('close', () => reject(new Error('The client has gone.')))
  })
}

async function readParts(request: FastifyRequest): Promise<RequestBody> {
  const files: UploadedFile[] = []
  const fields: Record<string, unknown> = {}
  let bytes = 0
  try {
    for await (const part of request.parts({ limits: { fileSize: maxFileBytes, files: 10 } })) {
      if (part.type === 'field') {
        fields[part.fieldname] = part.value
        continue
      }
      const content = await part.toBuffer()
      bytes += content.byteLength
      if (bytes > maxRequestBytes) return tooLarge
      files.push({
        index: Number(/^files\[(\d+)\]$/.exec(part.fieldname)?.[1] ?? files.length),
        // A form may have files without a name.
        filename: part.filename ?? '',
        contentType: part.mimetype,
        bytes: content,
      })
    }
  } catch (error) {
    if (request.raw.destroyed && !request.raw.complete) throw error
    const code = (error as { code?: unknown }).code
    if (code === 'FST_REQ_FILE_TOO_LARGE' || code === 'FST_FILES_LIMIT') return tooLarge
    return {
      text: '',
      files: [],
      error: new ApiError(400, 50035, 'Invalid Form Body'),
    }
  }
  const { payload_json: payload } = fields
  return typeof payload === 'string' ? { text: payload, files } : { text: '', fields, files }
}

/** Parses a body. @throws ApiError 50109 or 50035 when it is no JSON object */
export function parseBody({ text, fields, error }: RequestBody): Fields {
  if (error) throw error
  if (fields) return fields
  if (text === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refused.json()
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new ApiError(400, 50035, 'Invalid Form Body', {
    _errors: [
      { code: 'DICT_TYPE_CONVERT', message: 'Only dictionaries may be used in a DictType' },
    ],
  })
}
