import { useRef } from 'preact/hooks'
import { bannerOf } from '../net/banner.ts'
import { useApp } from './app-context.ts'
import { useNow } from './use-now.ts'
import { useStore } from './use-store.ts'

/** How long it is told that all is well again. */
const relievedMs = 5000

/** How the server is and why, in words; nothing while it is calm. */
export function HealthBanner() {
  const { session } = useApp()
  const level = useStore(session.health, (state) => state)
  const isOnline = useStore(session.chat, (state) => state.isOnline)
  const isKept = useStore(session.chat, (state) => state.isKept)
  const waiting = useStore(session.chat, ({ outgoing }) => outgoing.length)
  const nowMs = useNow(1000)
  const roughAtMs = useRef(Number.NEGATIVE_INFINITY)
  const found = bannerOf({ isOnline, isKept, level, reasons: session.reasons, waiting })
  if (found) roughAtMs.current = nowMs
  const isRelieved = !found && nowMs - roughAtMs.current < relievedMs
  const banner = isRelieved
    ? { weather: 'calm', title: 'Calm again', words: waiting === 0 ? 'All is sent.' : '' }
    : found
  return (
    <section class="health-banner" aria-label="Health of the server" data-weather={banner?.weather}>
      {banner && (
        <p>
          <span class="dot" aria-hidden="true" />
          <span>
            <strong>{banner.title}</strong> {banner.words}
          </span>
        </p>
      )}
    </section>
  )
}
