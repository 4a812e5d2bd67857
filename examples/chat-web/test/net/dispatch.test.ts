import type { GatewayDispatchPayload } from 'discord-api-types/v10'
import { describe, expect, it } from 'vitest'
import { chatEventOf, hintOf } from '../../src/net/dispatch.ts'
import { ada } from '../messages.ts'

const user = (id: string, username: string) => ({ id, username })
const wire = {
  id: '101',
  channel_id: '10',
  author: user('2', 'Kim'),
  content: 'hi',
  timestamp: '2026-11-28T12:00:00.000Z',
  edited_timestamp: null,
  attachments: [
    { id: '7', filename: 'a.png', url: 'http://x/a.png', size: 5, content_type: 'image/png' },
  ],
  reactions: [{ emoji: { id: null, name: '⚓' }, count: 2, me: true }],
  nonce: 12,
}

/** What a dispatch means to Ada at instant 5. */
const meaning = (t: string, d: object) =>
  chatEventOf({ op: 0, s: 1, t, d } as unknown as GatewayDispatchPayload, ada, 5)

describe('a dispatch', () => {
  it('brings a message', () => {
    expect(meaning('MESSAGE_CREATE', wire)).toEqual({
      type: 'messageArrived',
      message: {
        id: '101',
        channelId: '10',
        author: { id: '2', name: 'Kim' },
        content: 'hi',
        sentAtMs: Date.UTC(2026, 10, 28, 12),
        isEdited: false,
        attachments: [
          { id: '7', name: 'a.png', url: 'http://x/a.png', bytes: 5, type: 'image/png' },
        ],
        reactions: [{ emoji: '⚓', count: 2, isMine: true }],
        nonce: '12',
      },
    })
  })

  it('edits one, or deletes one', () => {
    const edited_timestamp = '2026-11-28T12:01:00.000Z'
    expect(meaning('MESSAGE_UPDATE', { ...wire, edited_timestamp })).toMatchObject({
      type: 'messageEdited',
      message: { isEdited: true },
    })
    expect(meaning('MESSAGE_DELETE', { id: '101', channel_id: '10' })).toEqual({
      type: 'messageDeleted',
      channelId: '10',
      messageId: '101',
    })
  })

  it.each([
    ['MESSAGE_REACTION_ADD', '1', true, true],
    ['MESSAGE_REACTION_REMOVE', '2', false, false],
  ])('%s by %s changes a reaction', (t, user_id, isAdded, isMine) => {
    const emoji = { id: null, name: '⚓' }
    expect(meaning(t, { user_id, channel_id: '10', message_id: '101', emoji })).toEqual({
      type: 'reactionChanged',
      channelId: '10',
      messageId: '101',
      emoji: '⚓',
      isAdded,
      isMine,
    })
  })

  it('tells who types, unless it is this user', () => {
    const types = (id: string) =>
      meaning('TYPING_START', { channel_id: '10', member: { user: user(id, 'Kim') } })
    expect(types('2')).toEqual({
      type: 'typingStarted',
      channelId: '10',
      user: { id: '2', name: 'Kim' },
      nowMs: 5,
    })
    expect(types('1')).toBeUndefined()
  })

  it('may mean nothing here', () => {
    expect(meaning('PRESENCE_UPDATE', {})).toBeUndefined()
    expect(meaning('TYPING_START', { channel_id: '10' })).toBeUndefined()
  })
})

it.each([
  [{ t: 'FLEET_HINT', d: { fleet_hint: 'level=1' } }, 'level=1'],
  [{ t: 'FLEET_HINT', d: { fleet_hint: 1 } }, undefined],
  [{ t: 'FLEET_HINT', d: null }, undefined],
  [{ t: 'MESSAGE_CREATE', d: { fleet_hint: 'level=1' } }, undefined],
])('of %j, the fleet hint is %s', (payload, hint) => {
  expect(hintOf(payload)).toBe(hint)
})
