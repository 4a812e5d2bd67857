import type { APIEmbed, APIMessage, APIUser } from 'discord-api-types/v10'
import { refused } from './api-error.ts'
import { Form } from './form.ts'
import type { RouteContext } from './route.ts'

/** What a client wants to post or change, checked. */
export interface MessageForm {
  readonly content: string | undefined
  readonly embeds: APIEmbed[]
  readonly components: NonNullable<APIMessage['components']>
  readonly nonce: string | undefined
  readonly enforceNonce: boolean
  readonly tts: boolean
  readonly flags: number
  readonly replyTo: { channelId: string; messageId: string; mustExist: boolean } | undefined
}

const embedLimits = [
  ['title', 256],
  ['description', 4096],
] as const

/** Reads and checks what a client wants to post or change. @throws ApiError 50035 */
export function readMessage({ body, store }: RouteContext, channelId: string): MessageForm {
  const fields = body()
  const form = new Form(fields)
  const content = form.string('content', { max: 2_000 })
  const nonce = form.string('nonce', { max: 25 })
  const embeds = form.list('embeds', 10)
  for (const [index, embed] of embeds.entries()) checkEmbed(form, embed, index)
  const components = form.list('components', 40)
  form.list('sticker_ids', 3)
  form.object('allowed_mentions')
  const flags = form.integer('flags', 0, 2 ** 31 - 1) ?? 0
  const reference = form.object('message_reference')
  const messageId = reference?.message_id
  let replyTo: MessageForm['replyTo']
  if (typeof messageId === 'string') {
    const from = String(reference?.channel_id ?? channelId)
    const mustExist = reference?.fail_if_not_exists !== false
    if (mustExist && !(store.channels.has(from) && store.messages(from).get(messageId))) {
      form.fail('message_reference', 'REPLY_UNKNOWN_MESSAGE', 'Unknown message')
    }
    replyTo = { channelId: from, messageId, mustExist }
  }
  form.check()
  return {
    content,
    embeds: embeds as APIEmbed[],
    components: components as MessageForm['components'],
    nonce,
    enforceNonce: fields.enforce_nonce === true,
    tts: fields.tts === true,
    flags,
    replyTo,
  }
}

function checkEmbed(form: Form, embed: unknown, index: number): void {
  if (typeof embed !== 'object' || embed === null) {
    form.fail(
      `embeds.${index}`,
      'MODEL_TYPE_CONVERT',
      'Only dictionaries may be used in a ModelType',
    )
    return
  }
  for (const [name, max] of embedLimits) {
    const text = (embed as Record<string, unknown>)[name]
    if (typeof text === 'string' && [...text].length > max) {
      const message = `Must be ${max} or fewer in length.`
      form.fail(`embeds.${index}.${name}`, 'BASE_TYPE_MAX_LENGTH', message)
    }
  }
}

/** Refuses a message in which there is nothing to see. */
export function checkNotEmpty(form: MessageForm, attachments: number): void {
  const { content, embeds, components } = form
  if (!content?.trim() && embeds.length + components.length + attachments === 0) {
    throw refused.emptyMessage()
  }
}

/** Finds the users a text names, unless the client allows no mention of users. */
export function mentionsIn({ store, body }: RouteContext, content: string): APIUser[] {
  const allowed = body().allowed_mentions as { parse?: unknown; users?: unknown } | undefined
  const all = !allowed || (Array.isArray(allowed.parse) && allowed.parse.includes('users'))
  const some: readonly unknown[] = Array.isArray(allowed?.users) ? allowed.users : []
  const ids = new Set([...content.matchAll(/<@!?(\d+)>/g)].map(([, id]) => id ?? ''))
  return [...ids]
    .filter((id) => all || some.includes(id))
    .flatMap((id) => store.users.get(id) ?? [])
}
