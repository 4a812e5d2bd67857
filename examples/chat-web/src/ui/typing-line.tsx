import { useApp } from './app-context.ts'
import { useNow } from './use-now.ts'
import { useStore } from './use-store.ts'

/** Who else is writing. */
export function TypingLine({ channelId }: { channelId: string }) {
  const { session } = useApp()
  const typists = useStore(session.chat, (state) => state.typists)
  const nowMs = useNow(1000, typists.length > 0)
  const names = typists
    .filter((each) => each.channelId === channelId && each.untilMs > nowMs)
    .map(({ user }) => user.name)
  return (
    <p class="typing" aria-live="polite">
      {names.length > 0 && (
        <>
          <span class="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {namesOf(names)}
        </>
      )}
    </p>
  )
}

function namesOf(names: readonly string[]): string {
  if (names.length > 3) return 'Several people are typing'
  const list = new Intl.ListFormat('en').format(names)
  return `${list} ${names.length === 1 ? 'is' : 'are'} typing`
}
