import { useRef, useState } from 'preact/hooks'
import { compareIds } from '../chat/ids.ts'
import type { Channel, Message } from '../chat/model.ts'
import { emptyTimeline } from '../chat/timeline.ts'
import { useApp } from './app-context.ts'
import { DownIcon } from './icons.tsx'
import { MessageView } from './message-view.tsx'
import { OutgoingView } from './outgoing-view.tsx'
import { useStore } from './use-store.ts'

/** Messages of one author within so long stand together. */
const togetherMs = 300_000

/** What was said in a channel, and what this user is still trying to say. */
export function Timeline({ channel }: { channel: Channel }) {
  const { session } = useApp()
  const { id, name } = channel
  const timeline = useStore(session.chat, ({ timelines }) => timelines[id] ?? emptyTimeline)
  const all = useStore(session.chat, (state) => state.outgoing)
  const newAfterId = useStore(session.chat, (state) => state.newAfterId)
  const me = useStore(session.chat, (state) => state.me)
  const scroller = useRef<HTMLDivElement>(null)
  const [isAtEnd, setIsAtEnd] = useState(true)
  const { messages, status, because } = timeline
  const outgoing = all.filter(({ channelId }) => channelId === id)
  const firstNew =
    newAfterId === undefined
      ? undefined
      : messages.find((each) => compareIds(each.id, newAfterId) > 0 && each.author.id !== me?.id)

  return (
    <div class="timeline-frame">
      {/* Laid out from its end, so that it stays there while it grows. */}
      <section
        ref={scroller}
        class="timeline"
        aria-label={`Messages in ${name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        onScroll={({ currentTarget }) => setIsAtEnd(currentTarget.scrollTop > -80)}
      >
        <div class="timeline-content">
          {status === 'failed' && (
            <p class="notice bad" role="alert">
              What was said here could not be loaded: {because}.{' '}
              <button type="button" class="link" onClick={() => session.open(id)}>
                Try again
              </button>
            </p>
          )}
          {status === 'loading' && messages.length === 0 && <Skeleton />}
          {status === 'loaded' && messages.length === 0 && (
            <p class="notice muted">Nothing has been said here yet.</p>
          )}
          <div role="log" aria-label={`Said in ${name}`}>
            <ol class="messages">
              {messages.map((message, index) => (
                <MessageView
                  key={message.id}
                  message={message}
                  isContinued={continues(messages[index - 1], message)}
                  isNewDay={isNewDay(messages[index - 1], message)}
                  isFirstNew={message === firstNew}
                />
              ))}
            </ol>
          </div>
          {outgoing.length > 0 && (
            <ol class="messages outgoing" aria-label="On their way">
              {outgoing.map((each) => (
                <OutgoingView key={each.nonce} outgoing={each} />
              ))}
            </ol>
          )}
        </div>
      </section>
      {!isAtEnd && (
        <button class="to-end" type="button" onClick={() => scroller.current?.scrollTo({ top: 0 })}>
          <DownIcon /> To the latest
        </button>
      )}
    </div>
  )
}

function continues(before: Message | undefined, message: Message): boolean {
  return (
    before?.author.id === message.author.id &&
    message.sentAtMs - before.sentAtMs < togetherMs &&
    !isNewDay(before, message)
  )
}

const dayOf = (ms: number): string => new Date(ms).toDateString()

function isNewDay(before: Message | undefined, message: Message): boolean {
  return !before || dayOf(before.sentAtMs) !== dayOf(message.sentAtMs)
}

function Skeleton() {
  return (
    <div class="skeleton" role="status" aria-label="Loading messages">
      <i />
      <i />
      <i />
    </div>
  )
}
