import { useEffect, useRef } from 'preact/hooks'
import { type Headline, headlineOf } from '../../net/panel/headline.ts'
import { keptWords } from '../../net/panel/kept-words.ts'
import { useApp } from '../app-context.ts'
import { Countdown } from '../countdown.tsx'
import { CloseIcon } from '../icons.tsx'
import { useNow } from '../use-now.ts'
import { useStore } from '../use-store.ts'
import { BreakTheServer } from './break-the-server.tsx'
import { CallsCard } from './calls-card.tsx'
import { EventLog } from './event-log.tsx'
import { OutcomeChart } from './outcome-chart.tsx'
import { Sea } from './sea.tsx'
import { SocketCard } from './socket-card.tsx'

interface PanelProps {
  isDrawer: boolean
  isOpen: boolean
  onClose: () => void
}

/** What the client does while the server has a bad hour, and buttons to give it one. */
export function ResiliencePanel({ isDrawer, isOpen, onClose }: PanelProps) {
  const { session } = useApp()
  const panel = useStore(session.panel, (state) => state)
  const nowMs = useNow()
  const gauges = session.gauges()
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isDrawer && isOpen) close.current?.focus()
  }, [isDrawer, isOpen])

  return (
    <aside
      id="resilience"
      class="panel"
      aria-label="Resilience"
      data-open={isOpen}
      inert={isDrawer && !isOpen}
    >
      <Head headline={headlineOf(panel, gauges, nowMs)}>
        {isDrawer && (
          <button ref={close} class="plain" type="button" aria-label="Close" onClick={onClose}>
            <CloseIcon />
          </button>
        )}
      </Head>
      <div class="panel-body">
        <CallsCard panel={panel} gauges={gauges} nowMs={nowMs} />
        <p class="kept">{keptWords(panel, gauges.tabs)}</p>
        <SocketCard socket={panel.socket} gauges={gauges} />
        <OutcomeChart outcomes={panel.outcomes} nowMs={nowMs} />
        <BreakTheServer />
        <EventLog log={panel.log} nowMs={nowMs} />
      </div>
    </aside>
  )
}

// Other words than the banner's, which judges the last half minute: this is how it is now.
const names = { calm: 'Calm', strained: 'Choppy', storm: 'Rough' } as const

function Head({ headline, children }: { headline: Headline; children: preact.ComponentChildren }) {
  const { weather, words, untilMs } = headline
  return (
    <header class="panel-head" data-weather={weather}>
      <Sea weather={weather} />
      <div class="panel-headline">
        <h2>{names[weather]}</h2>
        <p>
          {words === 'Calm' ? 'All is well' : words}{' '}
          {untilMs !== undefined && <Countdown untilMs={untilMs} />}
        </p>
        {children}
      </div>
    </header>
  )
}
