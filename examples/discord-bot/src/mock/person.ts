import { setTimeout as wait } from 'node:timers/promises'
import type { Mock } from '@evenkeel/mock-discord'
import type { APIMessage } from 'discord-api-types/v10'
import { discard } from '../discard.ts'

/** Somebody who writes in a channel of the mock, and does not stop before it is there. */
export function person({ store, apiUrl }: Mock, name: string) {
  const authorization = `Bearer ${name}`
  // To the mock, who has a credential is a bot.
  Object.assign(store.users.of(authorization), { username: name, bot: false })
  let said = 0
  return {
    async say(content: string, channelId: string): Promise<APIMessage> {
      const nonce = `${name}${++said}`
      for (;;) {
        const response = await fetch(`${apiUrl}/v10/channels/${channelId}/messages`, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify({ content, nonce, enforce_nonce: true }),
        }).catch(() => undefined)
        if (response?.ok) return (await response.json()) as APIMessage
        await discard(response)
        await wait(100)
      }
    },
  }
}
