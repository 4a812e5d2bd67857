import { systemTime, type TimeSource } from '@evenkeel/core'
import { invalidRequests, learnedBuckets, slidingWindow } from '@evenkeel/rate-limit'
import { costWeightedBudget } from '@evenkeel/retry'
import type { FetchOptions, RequestFacts } from './options.ts'
import { peekJson } from './peek-json.ts'

/** What {@link discord} can be told. */
export interface DiscordOptions {
  /** Requests a second for one credential. @defaultValue 50, what Discord gives a bot */
  readonly globalPerSecond?: number | undefined
  /** @defaultValue `systemTime` */
  readonly clock?: TimeSource | undefined
}

const discordEpochMs = 1_420_070_400_000
const majors = /^\/(channels|guilds|webhooks)\/(\d+)(?:\/([\w-]{60,}))?/

/** A short number in place of a secret: routes stand in events (FNV-1a, 32 bits). */
function digest(secret: string): string {
  let hash = 0x811c9dc5
  for (const character of secret)
    hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193)
  return `.${(hash >>> 0).toString(36)}`
}

/**
 * The limit a request counts towards before Discord has named its bucket: method, path with its ids
 * taken out, and after a `#` the ids that limits are kept apart by (channel, guild, webhook with token).
 *
 * Deleting a message has three limits by the message's age (discord/discord-api-docs#8330).
 */
export function discordRoute({ method, url }: RequestFacts, wallMs: number): string {
  const path = new URL(url, 'https://discord.com').pathname.replace(/^\/api(\/v\d+)?/, '')
  const [, resource = '', id = '', token = ''] = majors.exec(path) ?? []
  const template = path
    .replace(/\/reactions\/.*$/, '/reactions')
    .replace(/\/[\w-]{60,}/, '/:token')
    .replace(/\/\d{15,20}/g, '/:id')
  const deleted = method === 'DELETE' ? /\/messages\/(\d{15,20})$/.exec(path)?.[1] : undefined
  const ageMs = deleted ? wallMs - (Number(BigInt(deleted) >> 22n) + discordEpochMs) : 0
  const age = deleted ? (ageMs > 14 * 86_400_000 ? ' old' : ageMs > 10_000 ? ' aged' : ' new') : ''
  return `${method} ${template}${age}#${resource && id + (token && digest(token))}`
}

/**
 * Discord's REST API: buckets learned from its headers and paced before the 429, 50 requests a
 * second over all, and a stop well before the ban for 10,000 invalid requests in ten minutes
 * (docs.discord.com/developers/topics/rate-limits).
 *
 * A 429 of Discord has done nothing, so even a POST is sent again after it. For a message that must
 * not double after a lost reply, send `nonce` with `enforce_nonce: true` in its body, and say
 * `evenkeel: { idempotent: true }`.
 */
export function discord({
  globalPerSecond = 50,
  clock = systemTime,
}: DiscordOptions = {}): FetchOptions {
  return {
    route: (request) => discordRoute(request, clock.wallNow()),
    refusalStatuses: [425, 429],
    readRetryAfterBody: peekJson,
    // A bot is one of hundreds, not of millions, and may have forty messages refused at once.
    retry: { budget: costWeightedBudget({ maxBanked: 10, clock }) },
    rateLimit: {
      limits: [
        learnedBuckets(),
        slidingWindow({
          limit: globalPerSecond,
          // Requests do not all take equally long to get there (discord/discord-api-docs#5144).
          windowMs: 1100,
          // Answers to interactions are not bound to it.
          isLimited: ({ route }) => !/^POST \/interactions\//.test(route),
        }),
        invalidRequests(),
      ],
    },
  }
}
