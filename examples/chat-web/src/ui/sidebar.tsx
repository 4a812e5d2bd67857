import { useEffect, useRef } from 'preact/hooks'
import type { Channel, User } from '../chat/model.ts'
import { unreadOf } from '../chat/read.ts'
import { useApp } from './app-context.ts'
import { Avatar } from './avatar.tsx'
import { BoatIcon, CloseIcon, LeaveIcon } from './icons.tsx'
import { forgetName } from './remembered-name.ts'
import { ThemeToggle } from './theme-toggle.tsx'
import { useStore } from './use-store.ts'

interface SidebarProps {
  me: User
  isDrawer: boolean
  isOpen: boolean
  onClose: () => void
}

/** The channels, and who one is. */
export function Sidebar({ me, isDrawer, isOpen, onClose }: SidebarProps) {
  const { session } = useApp()
  const channels = useStore(session.chat, (state) => state.channels)
  const nav = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isDrawer && isOpen)
      nav.current?.querySelector<HTMLElement>('[aria-current="page"]')?.focus()
  }, [isDrawer, isOpen])

  return (
    <nav
      ref={nav}
      id="channels"
      class="sidebar"
      aria-label="Channels"
      data-open={isOpen}
      inert={isDrawer && !isOpen}
    >
      <div class="brand">
        <BoatIcon />
        <span>evenkeel</span>
        {isDrawer && (
          <button class="plain" type="button" aria-label="Close channels" onClick={onClose}>
            <CloseIcon />
          </button>
        )}
      </div>
      <ul class="channels">
        {channels.map((channel) => (
          <ChannelLink key={channel.id} channel={channel} onOpened={onClose} />
        ))}
      </ul>
      <div class="me">
        <Avatar user={me} />
        <span class="me-name">{me.name}</span>
        <ThemeToggle />
        <button
          class="plain"
          type="button"
          aria-label="Sign out"
          title="Sign out"
          onClick={() => {
            forgetName()
            session.signOut()
          }}
        >
          <LeaveIcon />
        </button>
      </div>
    </nav>
  )
}

function ChannelLink({ channel, onOpened }: { channel: Channel; onOpened: () => void }) {
  const { session } = useApp()
  const { id, name } = channel
  const isActive = useStore(session.chat, ({ activeId }) => activeId === id)
  const isSome = useStore(session.chat, (state) => unreadOf(state, id).isSome)
  const count = useStore(session.chat, (state) => unreadOf(state, id).count)
  return (
    <li>
      <button
        class="channel"
        type="button"
        aria-current={isActive ? 'page' : undefined}
        data-unread={isSome}
        onClick={() => {
          session.open(id)
          onOpened()
        }}
      >
        <span class="hash" aria-hidden="true">
          #
        </span>
        <span class="channel-name">{name}</span>
        {isSome && (
          <span class={count > 0 ? 'badge' : 'badge empty'}>
            {count > 0 && (count > 99 ? '99+' : count)}
            <span class="visually-hidden"> unread</span>
          </span>
        )}
      </button>
    </li>
  )
}
