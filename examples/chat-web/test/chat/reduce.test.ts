import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../src/chat/event.ts'
import type { SendStatus } from '../../src/chat/outgoing.ts'
import { unreadOf } from '../../src/chat/read.ts'
import { reduceChat } from '../../src/chat/reduce.ts'
import { type ChatState, initialChat } from '../../src/chat/state.ts'
import { ada, deck, general, kim, message } from '../messages.ts'

const signedIn: ChatEvent = { type: 'signedIn', me: ada, channels: [general, deck], read: {} }
const opened: ChatEvent = { type: 'channelOpened', channelId: general.id }

/** The chat of Ada, who looks at general, after these events. */
function after(...events: ChatEvent[]): ChatState {
  return [signedIn, opened, ...events].reduce(reduceChat, initialChat)
}

const arrived = (...given: Parameters<typeof message>): ChatEvent => ({
  type: 'messageArrived',
  message: message(...given),
})
const ids = (state: ChatState, channelId = general.id): string[] | undefined =>
  state.timelines[channelId]?.messages.map(({ id }) => id)

describe('messages', () => {
  it('stand by age, whatever order they come in, and once', () => {
    const state = after(
      arrived('103'),
      arrived('99'),
      arrived('101'),
      arrived('103'),
      arrived('1000'),
    )
    expect(ids(state)).toEqual(['99', '101', '103', '1000'])
  })

  it('of the history take the place of those that are here, and what is missing among them was deleted', () => {
    const state = after(arrived('98'), arrived('100'), arrived('101'), arrived('103'), {
      type: 'historyLoaded',
      channelId: general.id,
      messages: [message('102'), message('101', { content: 'edited' }), message('99')],
    })
    expect(ids(state)).toEqual(['98', '99', '101', '102', '103'])
    expect(state.timelines[general.id]?.messages[2]?.content).toBe('edited')
    expect(state.timelines[general.id]?.status).toBe('loaded')
  })

  it('stay when the history of a channel is empty', () => {
    const empty = { type: 'historyLoaded', channelId: general.id, messages: [] } as const
    expect(ids(after(arrived('101'), empty))).toEqual(['101'])
  })

  it('can be edited, and keep their reactions', () => {
    const reactions = [{ emoji: '⚓', count: 1, isMine: true }]
    const state = after(arrived('101', { reactions }), {
      type: 'messageEdited',
      message: message('101', { content: 'better', isEdited: true }),
    })
    expect(state.timelines[general.id]?.messages).toMatchObject([
      { content: 'better', isEdited: true, reactions },
    ])
  })

  it('can be deleted', () => {
    const gone = { type: 'messageDeleted', channelId: general.id, messageId: '101' } as const
    expect(ids(after(arrived('101'), arrived('102'), gone))).toEqual(['102'])
  })

  it('say why they could not be loaded, until they are', () => {
    const failed = { type: 'historyFailed', channelId: general.id, because: 'no' } as const
    expect(after(failed).timelines[general.id]).toMatchObject({ status: 'failed', because: 'no' })
    const again = after(failed, { type: 'historyRequested', channelId: general.id })
    expect(again.timelines[general.id]).toMatchObject({ status: 'loading', because: undefined })
  })
})

describe('reactions', () => {
  const change = (isAdded: boolean, isMine: boolean): ChatEvent => ({
    type: 'reactionChanged',
    channelId: general.id,
    messageId: '101',
    emoji: '⚓',
    isAdded,
    isMine,
  })
  const reactions = (...events: ChatEvent[]) =>
    after(arrived('101'), ...events).timelines[general.id]?.messages[0]?.reactions

  it.each([
    ['of others are counted', [change(true, false), change(true, false)], [2, false]],
    [
      'of this user count once, however often they are told',
      [change(true, true), change(true, true)],
      [1, true],
    ],
    ['of others and of this user add up', [change(true, false), change(true, true)], [2, true]],
    [
      'can be taken back',
      [change(true, false), change(true, true), change(false, true)],
      [1, false],
    ],
    ['are taken back once', [change(true, false), change(false, true)], [1, false]],
  ])('%s', (_, events, [count, isMine]) => {
    expect(reactions(...events)).toEqual([{ emoji: '⚓', count, isMine }])
  })

  it('are gone when nobody has them any more, or ever had', () => {
    expect(reactions(change(true, false), change(false, false))).toEqual([])
    expect(reactions(change(false, false))).toEqual([])
  })
})

describe('unread', () => {
  it('is nothing of what comes while somebody looks', () => {
    const state = after(arrived('101'))
    expect(unreadOf(state, general.id)).toEqual({ isSome: false, count: 0 })
    expect(state.newAfterId).toBeUndefined()
  })

  it('is counted while nobody looks, and read when somebody does', () => {
    const away = after({ type: 'attention', isAttentive: false }, arrived('101'), arrived('102'))
    expect(unreadOf(away, general.id)).toEqual({ isSome: true, count: 2 })
    const back = reduceChat(away, { type: 'attention', isAttentive: true })
    expect(unreadOf(back, general.id)).toEqual({ isSome: false, count: 0 })
    expect(back.newAfterId).toBe('100')
  })

  it('is counted in other channels, until they are opened', () => {
    const state = after(arrived('101', { channelId: deck.id }))
    expect(unreadOf(state, deck.id)).toEqual({ isSome: true, count: 1 })
    const looked = reduceChat(state, { type: 'channelOpened', channelId: deck.id })
    expect(unreadOf(looked, deck.id).isSome).toBe(false)
    expect(looked.newAfterId).toBe('0')
  })

  it('is never what this user wrote, in whatever tab', () => {
    const state = after(arrived('101', { channelId: deck.id, author: ada }))
    expect(unreadOf(state, deck.id)).toEqual({ isSome: false, count: 0 })
  })

  it('is what came since the last visit, and is not counted before it is here', () => {
    const read = { [general.id]: '90' }
    const state = reduceChat(initialChat, { ...signedIn, read })
    expect(unreadOf(state, general.id)).toEqual({ isSome: true, count: 0 })
    expect(unreadOf(state, deck.id).isSome).toBe(false)
  })

  it('is what a list of the channels tells of a time away', () => {
    const state = after({
      type: 'channelsLoaded',
      channels: [general, { ...deck, lastMessageId: '105' }],
    })
    expect(unreadOf(state, deck.id)).toEqual({ isSome: true, count: 0 })
  })

  it('is not made less by a list that is older than what has arrived', () => {
    const state = after(arrived('105', { channelId: deck.id }), {
      type: 'channelsLoaded',
      channels: [general, deck],
    })
    expect(unreadOf(state, deck.id)).toEqual({ isSome: true, count: 1 })
  })

  it('is no longer marked as new once this user answers', () => {
    const away = after({ type: 'attention', isAttentive: false }, arrived('101'), {
      type: 'attention',
      isAttentive: true,
    })
    expect(away.newAfterId).toBe('100')
    expect(reduceChat(away, requested).newAfterId).toBeUndefined()
  })
})

const sending: SendStatus = { kind: 'sending', attempt: 1 }
const requested: ChatEvent = {
  type: 'sendRequested',
  outgoing: { nonce: 'n', channelId: general.id, content: 'hi', files: [], status: sending },
}

describe('what is being sent', () => {
  it('is there at once, and says how it fares', () => {
    const status = { kind: 'retrying', attempt: 2, untilMs: 5, because: 'x' } as const
    const state = after(requested, { type: 'sendProgressed', nonce: 'n', status })
    expect(state.outgoing).toMatchObject([{ content: 'hi', status }])
  })

  it('becomes a message when the server accepts it', () => {
    const own = message('101', { author: ada, nonce: 'n' })
    const state = after(requested, { type: 'sendAccepted', nonce: 'n', message: own })
    expect([state.outgoing, ids(state)]).toEqual([[], ['101']])
  })

  it('becomes one message when the gateway tells of it first, or its answer is lost', () => {
    const own = { author: ada, nonce: 'n' }
    const state = after(requested, arrived('101', own))
    expect([state.outgoing, ids(state)]).toEqual([[], ['101']])
    const accepted = { type: 'sendAccepted', nonce: 'n', message: message('101', own) } as const
    expect(ids(reduceChat(state, accepted))).toEqual(['101'])
  })

  it('is found in the history after a time away', () => {
    const messages = [message('101', { author: ada, nonce: 'n' })]
    const state = after(requested, { type: 'historyLoaded', channelId: general.id, messages })
    expect(state.outgoing).toEqual([])
  })

  it('is not taken for another’s message with the same nonce', () => {
    expect(after(requested, arrived('101', { nonce: 'n' })).outgoing).toHaveLength(1)
  })

  it('can be discarded', () => {
    expect(after(requested, { type: 'sendDiscarded', nonce: 'n' }).outgoing).toEqual([])
  })
})

describe('who types', () => {
  const types = (user = kim, nowMs = 0): ChatEvent => ({
    type: 'typingStarted',
    channelId: general.id,
    user,
    nowMs,
  })

  it('is known for ten seconds from the last time', () => {
    expect(after(types(), types(kim, 4000)).typists).toEqual([
      { channelId: general.id, user: kim, untilMs: 14_000 },
    ])
  })

  it('is forgotten when the message comes, or after a long silence', () => {
    expect(after(types(), arrived('101')).typists).toEqual([])
    const bob = { id: '3', name: 'Bob' }
    expect(after(types(), types(bob, 60_000)).typists.map(({ user }) => user)).toEqual([bob])
  })

  it('types on in another channel', () => {
    expect(after(types(), arrived('101', { channelId: deck.id })).typists).toHaveLength(1)
  })
})

it('forgets everything when one signs out', () => {
  expect(after(arrived('101'), { type: 'signedOut' })).toEqual(initialChat)
})
