import { createFetch, type FetchOptions, type ResilientFetch } from '@evenkeel/fetch'
import { discord } from '@evenkeel/fetch/discord'
import { type CostWeightedBudget, costWeightedBudget } from '@evenkeel/retry'
import type { APIGatewayBotInfo, APIMessage } from 'discord-api-types/v10'

/** What {@link discordApi} is told. */
export interface DiscordApiOptions {
  /** As in `https://discord.com/api`. */
  readonly apiUrl: string
  readonly token: string
  /** Beside and before those of `discord()`. */
  readonly fetch?: FetchOptions | undefined
}

/** A message to post; sent again with the same nonce, it is posted once. */
export interface Post {
  readonly channelId: string
  /** What it answers. */
  readonly replyTo: string
  readonly content: string
  readonly nonce: string
}

/** The calls of Discord's REST API that the bot makes. */
export interface DiscordApi {
  readonly origin: string
  readonly policies: ResilientFetch['policies']
  readonly budget: CostWeightedBudget
  gatewayBot(signal: AbortSignal): Promise<Response>
  me(signal: AbortSignal): Promise<Response>
  messagesAfter(channelId: string, after: string, signal: AbortSignal): Promise<Response>
  post(post: Post, signal: AbortSignal): Promise<Response>
}

/** So many characters Discord takes; more is answered with an error. */
const maxContentLength = 2000

/** The API over one `fetch`, whose buckets, budget and breaker all calls share. */
export function discordApi({ apiUrl, token, fetch: more }: DiscordApiOptions): DiscordApi {
  // A bot is one of hundreds, not of millions: the budget of the preset, made here so that it can be asked.
  const budget = costWeightedBudget({ maxBanked: 10 })
  const fetch = createFetch({ ...discord(), retry: { budget }, ...more })
  const base = `${apiUrl.replace(/\/$/, '')}/v10`
  const headers = {
    authorization: `Bot ${token}`,
    'user-agent': 'DiscordBot (https://github.com/evenkeel/evenkeel, 0.0.0)',
  }
  return {
    origin: new URL(base).origin,
    policies: fetch.policies,
    budget,
    gatewayBot: (signal) => fetch(`${base}/gateway/bot`, { headers, signal }),
    me: (signal) => fetch(`${base}/users/@me`, { headers, signal }),
    messagesAfter: (channelId, after, signal) =>
      fetch(`${base}/channels/${channelId}/messages?after=${after}&limit=100`, { headers, signal }),
    post: ({ channelId, replyTo, content, nonce }, signal) =>
      fetch(`${base}/channels/${channelId}/messages`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        signal,
        body: JSON.stringify({
          content: [...content].slice(0, maxContentLength).join(''),
          nonce,
          enforce_nonce: true,
          message_reference: { message_id: replyTo, fail_if_not_exists: false },
          // What people write must not make the bot ping others.
          allowed_mentions: { parse: [] },
        }),
        // The nonce makes one message of many attempts, so a POST may be sent again.
        evenkeel: { idempotent: true, priority: 'critical', totalTimeoutMs: 60_000 },
      }),
  }
}

/** What an answer of the API says. */
export const readGatewayBot = async (response: Response): Promise<APIGatewayBotInfo> =>
  (await response.json()) as APIGatewayBotInfo

export const readMessages = async (response: Response): Promise<APIMessage[]> =>
  (await response.json()) as APIMessage[]
