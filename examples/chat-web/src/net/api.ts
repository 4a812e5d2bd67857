import type { ResilientFetch, ResilientRequestInit } from '@evenkeel/fetch'
import type {
  APIMessage,
  APITextChannel,
  RESTGetAPICurrentUserGuildsResult,
  RESTGetAPIGatewayResult,
  RESTGetAPIGuildChannelsResult,
  RESTPatchAPICurrentUserResult,
} from 'discord-api-types/v10'
import type { Channel, Message, User } from '../chat/model.ts'
import type { Outgoing } from '../chat/outgoing.ts'
import { ApiError } from './api-error.ts'
import { channelOf, messageOf, userOf } from './wire.ts'

/** What marks the calls that carry a message, on every event of theirs. */
export interface SendTag {
  readonly nonce: string
}

/** The API's calls that the chat needs, each with how much it matters. */
export type ChatApi = ReturnType<typeof chatApi>

/** How long "is typing" is worth being said. */
const typingTimeoutMs = 5000

/**
 * Speaks for one user, until `signal` aborts.
 *
 * @throws `ApiError` for an answer that is no success, and what the fetch throws
 */
export function chatApi(fetch: ResilientFetch, apiUrl: string, token: string, signal: AbortSignal) {
  async function call<T>(path: string, init: ResilientRequestInit = {}): Promise<T> {
    const { headers, ...rest } = init
    const response = await fetch(`${apiUrl}/v10${path}`, {
      signal,
      ...rest,
      headers: { authorization: token, ...headers },
    })
    if (!response.ok) throw new ApiError(response.status, await reasonOf(response))
    return (response.status === 204 ? undefined : await response.json()) as T
  }

  const json = (body: unknown) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

  return {
    /** Takes a name; saying it twice is as good as once. */
    async signIn(name: string): Promise<User> {
      const evenkeel = { priority: 'critical', idempotent: true } as const
      const init = { method: 'PATCH', evenkeel, ...json({ username: name }) }
      return userOf(await call<RESTPatchAPICurrentUserResult>('/users/@me', init))
    },

    async gatewayUrl(): Promise<string> {
      return (await call<RESTGetAPIGatewayResult>('/gateway')).url
    },

    /** The text channels of the first guild. */
    async channels(): Promise<Channel[]> {
      const [guild] = await call<RESTGetAPICurrentUserGuildsResult>('/users/@me/guilds')
      if (!guild) return []
      const channels = await call<RESTGetAPIGuildChannelsResult>(`/guilds/${guild.id}/channels`)
      return channels
        .filter((channel): channel is APITextChannel => channel.type === 0)
        .sort((a, b) => a.position - b.position)
        .map(channelOf)
    },

    /** Up to 100 messages after an id, else the latest 50; in no order to be relied on. */
    async messages(channelId: string, afterId?: string): Promise<Message[]> {
      const query = afterId === undefined ? 'limit=50' : `limit=100&after=${afterId}`
      const found = await call<APIMessage[]>(`/channels/${channelId}/messages?${query}`)
      return found.map(messageOf)
    },

    /**
     * Posts a message that is there once, however often it had to be sent: the server knows its nonce again. A retry or two
     * are fetch's, as far as its budget pays for them; whoever sends later says which attempt that is.
     */
    async send(
      { nonce, channelId, content, files }: Omit<Outgoing, 'status'>,
      attempt: number,
      aborted: AbortSignal,
    ): Promise<Message> {
      const tag: SendTag = { nonce }
      const path = `/channels/${channelId}/messages`
      const message = { content, nonce, enforce_nonce: true }
      const again = attempt > 1 && { 'x-attempt': String(attempt) }
      const post = (init: ResilientRequestInit, priority: 'critical' | 'important') =>
        call<APIMessage>(path, {
          ...init,
          method: 'POST',
          signal: aborted,
          headers: { ...init.headers, ...again },
          evenkeel: { priority, idempotent: true, tag },
        })
      if (files.length === 0) return messageOf(await post(json(message), 'critical'))
      const body = new FormData()
      body.set('payload_json', JSON.stringify(message))
      for (const [index, file] of files.entries()) body.set(`files[${index}]`, file, file.name)
      return messageOf(await post({ body }, 'important'))
    },

    /** Says that this user is typing: soon, or not at all. */
    async typing(channelId: string): Promise<void> {
      const evenkeel = { priority: 'deferred', totalTimeoutMs: typingTimeoutMs } as const
      await call(`/channels/${channelId}/typing`, { method: 'POST', evenkeel })
    },

    async react(channelId: string, messageId: string, emoji: string, isAdded: boolean) {
      const path = `/channels/${channelId}/messages/${messageId}/reactions`
      await call(`${path}/${encodeURIComponent(emoji)}/@me`, { method: isAdded ? 'PUT' : 'DELETE' })
    },
  }
}

async function reasonOf(response: Response): Promise<string> {
  const body: { message?: unknown } | undefined = await response.json().catch(() => undefined)
  return typeof body?.message === 'string' ? body.message : response.statusText
}
