import type { APIUser } from 'discord-api-types/v10'
import type { OutgoingReply } from '../machinery.ts'
import type { SocketGateway } from '../sockets/socket-gateway.ts'
import type { ApiRequest } from '../stage.ts'
import type { Guild } from '../store/guild.ts'
import type { Channel } from '../store/guild-payload.ts'
import type { Store } from '../store/store.ts'
import type { StoredMessage } from '../store/stored-message.ts'
import { unknown } from './api-error.ts'
import type { Fields } from './form.ts'

/** One file part of a multipart body. */
export interface UploadedFile {
  /** The n of `files[n]`, or the place among the parts. */
  readonly index: number
  readonly filename: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** One request of a batch. */
export interface PartRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** What one request of a batch was answered. */
export interface PartReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a route may look at. */
export interface RouteContext {
  readonly params: Readonly<Record<string, string>>
  readonly query: Fields
  /** @throws ApiError 50109 when it is no JSON object */
  readonly body: () => Fields
  /** The body as it came. */
  readonly text: string
  readonly contentType: string
  readonly files: readonly UploadedFile[]
  /** Answers one request of a batch as if it had come by itself, but for the gateway, which has let the batch pass. */
  readonly dispatch: (part: PartRequest) => Promise<PartReply>
  readonly credential: string
  /** Who the credential belongs to: a new bot when it is new. */
  readonly viewer: APIUser
  readonly store: Store
  readonly gateway: SocketGateway
  /** As in `http://127.0.0.1:8080`. */
  readonly baseUrl: string
}

/** One method of one path, and what it answers. */
export interface Route {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT'
  readonly path: string
  readonly service: ApiRequest['service']
  /** @defaultValue important */
  readonly priority?: ApiRequest['priority'] | undefined
  /** Needs no token. */
  readonly open?: true | undefined
  /** Counted in no bucket, and not against the global limit. */
  readonly unlimited?: true | undefined
  /** Names the rate limit where it depends on the request. */
  readonly rule?: ((context: RouteContext) => string) | undefined
  readonly handle: (context: RouteContext) => OutgoingReply | Promise<OutgoingReply>
}

const jsonHeaders = { 'content-type': 'application/json' }

/** Answers with a value, under exactly `application/json`. */
export const json = (value: unknown, status = 200): OutgoingReply => ({
  status,
  headers: jsonHeaders,
  body: JSON.stringify(value),
})

/** Answers that it is done. */
export const noContent: OutgoingReply = { status: 204, headers: {}, body: undefined }

/** Finds the channel of the path. @throws ApiError 10003 */
export function channelOf({ store, params }: RouteContext): Channel {
  const channel = store.channels.get(params.channel ?? '')
  if (!channel) throw unknown.channel()
  return channel
}

/** Finds the message of the path. @throws ApiError 10008 */
export function messageOf(context: RouteContext): StoredMessage {
  const message = context.store.messages(channelOf(context).id).get(context.params.message ?? '')
  if (!message) throw unknown.message()
  return message
}

/** Finds the guild of the path. @throws ApiError 10004 */
export function guildOf({ store, params }: RouteContext): Guild {
  const guild = store.guilds.get(params.guild ?? '')
  if (!guild) throw unknown.guild()
  return guild
}

/** Answers with messages as the viewer sees them. */
export function view({ store, credential }: RouteContext, message: StoredMessage): object {
  const { channel_id: channel = '', message_id: id = '' } = message.data.message_reference ?? {}
  const referenced = channel && id ? store.messages(channel).get(id) : undefined
  return message.view(store.users.idOf(credential), referenced)
}
