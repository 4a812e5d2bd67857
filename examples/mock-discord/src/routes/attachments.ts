import type { APIAttachment } from 'discord-api-types/v10'
import type { OutgoingReply } from '../machinery.ts'
import { unknown } from './api-error.ts'
import { contentTypeOf } from './content-type.ts'
import type { Fields } from './form.ts'
import type { Route, RouteContext } from './route.ts'

/** 10 MiB for each file, 25 MiB for a request (Discord's reference and message pages). */
export const maxFileBytes = 10 * 2 ** 20
/** All of a request: its files and the rest. */
export const maxRequestBytes = 25 * 2 ** 20

const safeName = (name: string) => name.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '') || 'unknown'

/** Keeps the uploaded files, and tells of them as a message does. */
export function saveFiles(context: RouteContext, channelId: string): APIAttachment[] {
  const { files, store, baseUrl } = context
  if (files.length === 0) return []
  const described = describe(context.body())
  return files.map(({ index, filename, contentType, bytes }) => {
    const id = store.nextId()
    const { filename: renamed, description } = described.get(String(index)) ?? {}
    const name = safeName(typeof renamed === 'string' ? renamed : filename)
    const path = `/attachments/${channelId}/${id}/${name}`
    const type = contentTypeOf(name, contentType)
    store.files.add(path, { contentType: type, bytes })
    return {
      id,
      filename: name,
      size: bytes.byteLength,
      url: baseUrl + path,
      proxy_url: baseUrl + path,
      content_type: type,
      ...(typeof description === 'string' && { description }),
    }
  })
}

/** What `attachments` says of each `files[n]`, by n. */
function describe({ attachments }: Fields): Map<string, Fields> {
  if (!Array.isArray(attachments)) return new Map()
  return new Map(attachments.map((each: Fields) => [String(each?.id), each ?? {}]))
}

/** Where Discord's CDN would be. */
export const attachmentRoute: Route = {
  method: 'GET',
  path: '/attachments/:channel/:attachment/:filename',
  service: 'files',
  open: true,
  unlimited: true,
  handle({ store, params }): OutgoingReply {
    const file = store.files.get(
      `/attachments/${params.channel}/${params.attachment}/${params.filename}`,
    )
    if (!file) throw unknown.route()
    return {
      status: 200,
      headers: {
        'content-type': file.contentType,
        'cache-control': 'public, max-age=31536000',
        // An uploaded page must not run scripts beside the admin routes.
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
      },
      body: file.bytes,
    }
  },
}
