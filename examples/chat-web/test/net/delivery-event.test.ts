import type { OutboxEntry, OutboxEvent } from '@evenkeel/outbox'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../src/chat/model.ts'
import { ApiError } from '../../src/net/api-error.ts'
import { deliveryEvent, type Letter } from '../../src/net/delivery-event.ts'
import { message } from '../messages.ts'

const letter: Letter = { channelId: '10', content: 'hello', files: [] }
const entry = {
  idempotencyKey: 'n',
  payload: letter,
  attempts: 2,
  firstSentAtMs: undefined,
} as Partial<OutboxEntry<Letter>> as OutboxEntry<Letter>
const counts = { waiting: 1, sending: 0, bytes: 1, setAside: 0 }

type Given = Partial<OutboxEvent<Letter, Message>>
const told = (event: Given) =>
  deliveryEvent({ counts, entry, isRemote: false, ...event } as OutboxEvent<Letter, Message>, 1000)
const failed = (because: string) => ({
  type: 'sendProgressed',
  nonce: 'n',
  status: { kind: 'failed', because, untilMs: undefined },
})

describe('what happens in the outbox', () => {
  it('of this page is shown already when it begins', () => {
    expect([told({ type: 'stored' }), told({ type: 'sending' })]).toEqual([undefined, undefined])
  })

  it('of another tab is shown here, too', () => {
    expect(told({ type: 'stored', isRemote: true })).toEqual({
      type: 'sendRequested',
      outgoing: { nonce: 'n', ...letter, status: { kind: 'queued' } },
    })
    expect(told({ type: 'sending', isRemote: true })).toMatchObject({
      status: { kind: 'sending', attempt: 2 },
    })
    expect(told({ type: 'sent', isRemote: true })).toEqual({ type: 'sendDiscarded', nonce: 'n' })
    expect(told({ type: 'failed', isRemote: true })).toEqual(
      failed('another tab could not send it'),
    )
  })

  it('says what a message waits for, that it has arrived, or why it will not', () => {
    const error = new ApiError(503, 'no')
    expect(told({ type: 'retryScheduled', error, delayMs: 500 } as Given)).toEqual({
      type: 'sendProgressed',
      nonce: 'n',
      status: {
        kind: 'retrying',
        attempt: 3,
        untilMs: 1500,
        because: 'the server is overloaded (503)',
      },
    })
    const result = message('1')
    expect(told({ type: 'sent', result })).toEqual({
      type: 'sendAccepted',
      nonce: 'n',
      message: result,
    })
    expect(told({ type: 'failed', error: new ApiError(403, 'go away') })).toEqual(
      failed('the server said no: go away'),
    )
    expect(told({ type: 'expired' })).toEqual(failed('it has waited for a day'))
    expect(told({ type: 'expired', entry: { ...entry, firstSentAtMs: 5 } })).toEqual(
      failed('it may have arrived, and the server can no longer tell'),
    )
    expect(told({ type: 'removed' })).toEqual({ type: 'sendDiscarded', nonce: 'n' })
  })

  it('to the store is told when nothing is kept any more', () => {
    expect(told({ type: 'memoryOnly', entry: undefined } as Given)).toEqual({ type: 'storageLost' })
    expect(told({ type: 'edited' })).toBeUndefined()
    const event = { type: 'storeFailed', error: 'x', counts } as const
    expect(deliveryEvent(event, 0)).toBeUndefined()
  })
})
