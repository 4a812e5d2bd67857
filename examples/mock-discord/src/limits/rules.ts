/** How many requests a bucket lets through, and in which time. */
export interface Limit {
  readonly limit: number
  readonly windowMs: number
}

/** A limit with a name, and the routes it holds for. */
export interface LimitRule extends Limit {
  /** Stands for the bucket: routes of one rule share it. */
  readonly name: string
  /** As in `POST /channels/:channel/messages`. */
  readonly routes: readonly string[]
  /** `shared` counts every credential together, as limits of a resource do. */
  readonly scope?: 'user' | 'shared' | undefined
  /** A second bucket every request is counted in. */
  readonly also?: string | undefined
  /** A hidden, smaller bucket for requests that set one of these fields. */
  readonly sub?: { readonly rule: string; readonly fields: readonly string[] } | undefined
}

const message = '/channels/:channel/messages/:message'
const reactions = `${message}/reactions`

/**
 * The limits people captured; Discord publishes none and may change them without notice.
 *
 * Sources: discord-api-docs issues 1900 and 2190 (channel, its sub-limit), 2761 (messages), 8330
 * (delete; an old message is counted in the bucket of young ones too), 981 (one bucket for all
 * writes of reactions); discord.js issue 3891 (gateway); nirn-proxy issue 10 (webhooks).
 */
export const defaultRules: readonly LimitRule[] = [
  { name: 'gateway-bot', routes: ['GET /gateway/bot'], limit: 2, windowMs: 5_000 },
  {
    name: 'message-write',
    routes: ['POST /channels/:channel/messages', `PATCH ${message}`],
    limit: 5,
    windowMs: 5_000,
  },
  { name: 'message-delete', routes: [`DELETE ${message}`], limit: 3, windowMs: 333 },
  {
    name: 'message-delete-old',
    routes: [],
    limit: 30,
    windowMs: 4_000,
    also: 'message-delete-new',
  },
  { name: 'message-delete-new', routes: [], limit: 5, windowMs: 1_000 },
  {
    name: 'message-bulk-delete',
    routes: ['POST /channels/:channel/messages/bulk-delete'],
    limit: 1,
    windowMs: 1_000,
  },
  {
    name: 'channel-update',
    routes: ['PATCH /channels/:channel'],
    limit: 5,
    windowMs: 15_000,
    sub: { rule: 'channel-name-topic', fields: ['name', 'topic'] },
  },
  { name: 'channel-name-topic', routes: [], limit: 2, windowMs: 600_000 },
  {
    name: 'reaction-write',
    routes: [
      `PUT ${reactions}/:emoji/@me`,
      `DELETE ${reactions}/:emoji/@me`,
      `DELETE ${reactions}/:emoji/:user`,
      `DELETE ${reactions}/:emoji`,
      `DELETE ${reactions}`,
    ],
    limit: 1,
    windowMs: 250,
  },
  {
    name: 'webhook-execute',
    routes: ['POST /webhooks/:webhook/:token'],
    limit: 30,
    windowMs: 60_000,
  },
]

/** For routes nobody has captured: wide enough that only the global limit is felt. */
export const otherRoutes: Limit = { limit: 50, windowMs: 1_000 }

/** 50 requests a second for each token (Discord's rate limits page). */
export const globalLimit: Limit = { limit: 50, windowMs: 1_000 }
