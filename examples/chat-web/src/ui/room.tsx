import { useEffect, useRef, useState } from 'preact/hooks'
import type { User } from '../chat/model.ts'
import { unreadOf } from '../chat/read.ts'
import { Announcer } from './announcer.tsx'
import { useApp } from './app-context.ts'
import { ChannelHeader } from './channel-header.tsx'
import { Composer } from './composer.tsx'
import { HealthBanner } from './health-banner.tsx'
import { ResiliencePanel } from './panel/resilience-panel.tsx'
import { Sidebar } from './sidebar.tsx'
import { Timeline } from './timeline.tsx'
import { TypingLine } from './typing-line.tsx'
import { useMedia } from './use-media.ts'
import { useStore } from './use-store.ts'

/** What lies over the messages where there is no room beside them. */
export type Drawer = 'channels' | 'panel'

/** The chat, once one is in. */
export function Room({ me }: { me: User }) {
  const { session } = useApp()
  const channel = useStore(session.chat, ({ channels, activeId }) =>
    channels.find(({ id }) => id === activeId),
  )
  const [drawer, setDrawer] = useState<Drawer>()
  const hidesChannels = useMedia('(max-width: 52rem)')
  const hidesPanel = useMedia('(max-width: 75rem)')
  const opener = useRef<Element | null>(null)
  const open = (which: Drawer): void => {
    opener.current = document.activeElement
    setDrawer(which)
  }
  const close = (): void => setDrawer(undefined)
  const isCovered = (drawer === 'channels' && hidesChannels) || (drawer === 'panel' && hidesPanel)
  useTitle()
  useEffect(() => {
    if (!isCovered) return
    const listen = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') close()
    }
    addEventListener('keydown', listen)
    return () => {
      removeEventListener('keydown', listen)
      if (opener.current instanceof HTMLElement) opener.current.focus()
    }
  }, [isCovered])

  return (
    <div class="room" data-drawer={drawer}>
      <a class="skip" href="#message-box">
        Skip to the message box
      </a>
      <Sidebar me={me} isDrawer={hidesChannels} isOpen={drawer === 'channels'} onClose={close} />
      <main class="main" inert={isCovered}>
        {channel && (
          <>
            <ChannelHeader channel={channel} drawer={drawer} onOpen={open} />
            <HealthBanner />
            <Timeline key={channel.id} channel={channel} />
            <TypingLine channelId={channel.id} />
            <Composer key={`write ${channel.id}`} channel={channel} />
          </>
        )}
      </main>
      <ResiliencePanel isDrawer={hidesPanel} isOpen={drawer === 'panel'} onClose={close} />
      {isCovered && <div class="curtain" onClick={close} aria-hidden="true" />}
      <Announcer />
    </div>
  )
}

/** Shows in the tab how much is unread. */
function useTitle(): void {
  const { session } = useApp()
  const title = useStore(session.chat, (state) => {
    const active = state.channels.find(({ id }) => id === state.activeId)
    const unread = state.channels.reduce((sum, { id }) => sum + unreadOf(state, id).count, 0)
    return `${unread > 0 ? `(${unread}) ` : ''}${active ? `#${active.name} · ` : ''}evenkeel chat`
  })
  useEffect(() => {
    document.title = title
  }, [title])
}
