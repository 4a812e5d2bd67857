import { fixedIds, type Incident } from '@evenkeel/mock-discord'

const channels = [
  ['deck', 'What the watch is talking about'],
  ['engine-room', 'Numbers, pumps and patience'],
  ['galley', 'Never about the soup'],
] as const

const lines = [
  ['Ada', 'general', 'Morning, all. Glass is steady, sea is flat.'],
  ['Grace', 'general', 'Then it is a good day to break something on purpose.'],
  ['Ada', 'general', 'Say hello, then press a button of the panel. The boat stays level.'],
  ['Grace', 'engine-room', 'Pumps are fine. Ask me again after the storm.'],
  ['Edsger', 'galley', 'Two things are hard: caching, and naming soups.'],
] as const

/** Names the channels, and has the crew say something in them. */
export async function signOn({ store, apiUrl }: Incident): Promise<void> {
  for (const [name, topic] of channels)
    Object.assign(store.addTextChannel(fixedIds.guild, name), { topic })
  const byName = new Map(
    store
      .channelsOf(fixedIds.guild)
      .map((channel) => [channel.type === 1 ? '' : channel.name, channel]),
  )
  Object.assign(byName.get('general') ?? {}, { topic: 'All hands' })
  for (const [author, channel, content] of lines) {
    const call = (method: string, path: string, body: object): Promise<Response> =>
      fetch(`${apiUrl}/v10${path}`, {
        method,
        headers: { authorization: `Bot ${author}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    await call('PATCH', '/users/@me', { username: author })
    await call('POST', `/channels/${byName.get(channel)?.id}/messages`, { content })
  }
}
