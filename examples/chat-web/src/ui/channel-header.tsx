import type { Channel } from '../chat/model.ts'
import { unreadOf } from '../chat/read.ts'
import { headlineOf } from '../net/panel/headline.ts'
import { useApp } from './app-context.ts'
import { Countdown } from './countdown.tsx'
import { MenuIcon } from './icons.tsx'
import type { Drawer } from './room.tsx'
import { useNow } from './use-now.ts'
import { useStore } from './use-store.ts'

interface HeaderProps {
  channel: Channel
  drawer: Drawer | undefined
  onOpen: (drawer: Drawer) => void
}

/** Which channel this is, and where there is no room beside it, the ways to the others and to the panel. */
export function ChannelHeader({ channel, drawer, onOpen }: HeaderProps) {
  const { session } = useApp()
  const isUnread = useStore(session.chat, (state) =>
    state.channels.some(({ id }) => unreadOf(state, id).isSome),
  )
  return (
    <header class="channel-header">
      <button
        class="plain to-channels"
        type="button"
        aria-label={isUnread ? 'Channels, some unread' : 'Channels'}
        aria-expanded={drawer === 'channels'}
        aria-controls="channels"
        data-unread={isUnread}
        onClick={() => onOpen('channels')}
      >
        <MenuIcon />
      </button>
      <div class="channel-title">
        <h1>
          <span aria-hidden="true">#</span>
          {channel.name}
        </h1>
        <p class="muted">{channel.topic}</p>
      </div>
      <WeatherPill isOpen={drawer === 'panel'} onOpen={() => onOpen('panel')} />
    </header>
  )
}

/** How it stands, in a word; opens the panel. */
function WeatherPill({ isOpen, onOpen }: { isOpen: boolean; onOpen: () => void }) {
  const { session } = useApp()
  const panel = useStore(session.panel, (state) => state)
  const { weather, words, untilMs } = headlineOf(panel, session.gauges(), useNow())
  return (
    <button
      class="pill"
      type="button"
      data-weather={weather}
      aria-expanded={isOpen}
      aria-controls="resilience"
      onClick={onOpen}
    >
      <span class="dot" aria-hidden="true" />
      <span class="pill-words">{words}</span>
      {untilMs !== undefined && <Countdown untilMs={untilMs} />}
    </button>
  )
}
