import { useState } from 'preact/hooks'
import type { Message } from '../chat/model.ts'
import { useApp } from './app-context.ts'
import { SmileIcon } from './icons.tsx'

const emojis = ['👍', '🎉', '😂', '❤️', '⚓', '🌊'] as const

/** What people think of a message, and a way to say so. */
export function Reactions({ message }: { message: Message }) {
  const { session } = useApp()
  const [isPicking, setIsPicking] = useState(false)
  const { channelId, id, reactions } = message
  const toggle = (emoji: string): void => {
    const isMine = reactions.some((each) => each.emoji === emoji && each.isMine)
    setIsPicking(false)
    void session.react(channelId, id, emoji, !isMine)
  }
  return (
    <div class="reactions" data-empty={reactions.length === 0 && !isPicking}>
      {reactions.map(({ emoji, count, isMine }) => (
        <button
          key={emoji}
          type="button"
          class="reaction"
          aria-pressed={isMine}
          aria-label={`${emoji} ${count}`}
          onClick={() => toggle(emoji)}
        >
          {emoji} <span>{count}</span>
        </button>
      ))}
      {isPicking &&
        emojis.map((emoji) => (
          <button
            key={`pick ${emoji}`}
            type="button"
            class="reaction pick"
            aria-label={`React with ${emoji}`}
            onClick={() => toggle(emoji)}
          >
            {emoji}
          </button>
        ))}
      <button
        type="button"
        class="reaction add"
        aria-label="React"
        aria-expanded={isPicking}
        onClick={() => setIsPicking(!isPicking)}
      >
        <SmileIcon />
      </button>
    </div>
  )
}
