import type { ComponentChildren } from 'preact'
import type { Panel } from '../../net/panel/panel.ts'
import type { Gauges } from '../../session/gauges.ts'
import { useApp } from '../app-context.ts'
import { bytesWords } from '../attachment-view.tsx'
import { Countdown } from '../countdown.tsx'
import { useStore } from '../use-store.ts'

interface CallsProps {
  panel: Panel
  gauges: Gauges
  nowMs: number
}

/** What holds calls back, or lets them go. */
export function CallsCard({ panel, gauges, nowMs }: CallsProps) {
  const { session } = useApp()
  const unsent = useStore(
    session.chat,
    ({ outgoing }) => outgoing.filter(({ status }) => status.kind !== 'failed').length,
  )
  return (
    <section class="tiles" aria-label="Calls">
      <CircuitTile gauges={gauges} nowMs={nowMs} />
      <BudgetTile ratio={gauges.budgetRatio} />
      <CooldownTile panel={panel} gauges={gauges} nowMs={nowMs} />
      <Tile name="Waiting" tone={unsent + gauges.parked > 0 ? 'warn' : 'good'}>
        <strong>{unsent + gauges.parked === 0 ? 'Nothing' : counted(unsent, 'message')}</strong>
        <small>
          {gauges.parked > 0 ? `${counted(gauges.parked, 'call')} held back` : 'no call held back'}
          {gauges.waitingBytes > 0 && `, ${bytesWords(gauges.waitingBytes)} on the socket`}
        </small>
      </Tile>
    </section>
  )
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

interface TileProps {
  name: string
  tone: 'good' | 'warn' | 'bad'
  children: ComponentChildren
}

function Tile({ name, tone, children }: TileProps) {
  return (
    <div class="tile" data-tone={tone} data-tile={name.toLowerCase().replaceAll(' ', '-')}>
      <h3>{name}</h3>
      {children}
    </div>
  )
}

const circuits = {
  closed: ['good', 'Closed', 'calls go through'],
  'half-open': ['warn', 'Half-open', 'one call may try'],
  open: ['bad', 'Open', 'nothing is sent'],
  isolated: ['bad', 'Isolated', 'nothing is sent'],
} as const

function CircuitTile({ gauges, nowMs }: Omit<CallsProps, 'panel'>) {
  const { circuit: state, circuitOpenMs, sendsMessages } = gauges
  const [tone, word, meaning] = circuits[state]
  return (
    <Tile name="Circuit" tone={tone}>
      <svg class="switch" data-state={state} viewBox="0 0 56 16" aria-hidden="true">
        <path d="M1 12h17M38 12h17" />
        <path class="lever" d="M18 12h20" />
        <circle cx="18" cy="12" r="2.5" />
        <circle cx="38" cy="12" r="2.5" />
      </svg>
      <strong>{word}</strong>
      <small>
        {state === 'open' ? (
          <>
            {sendsMessages && 'messages go, else '}tries one{' '}
            <Countdown untilMs={nowMs + circuitOpenMs} />
          </>
        ) : (
          meaning
        )}
      </small>
    </Tile>
  )
}

/** A refusal costs a quarter, and a silence all of it. */
function BudgetTile({ ratio }: { ratio: number }) {
  const percent = Math.round(ratio * 100)
  const tone = ratio >= 0.5 ? 'good' : ratio >= 0.25 ? 'warn' : 'bad'
  return (
    <Tile name="Retry budget" tone={tone}>
      <strong>{percent} %</strong>
      <meter class="visually-hidden" aria-label="Retry budget" max={100} value={percent} />
      <div class="bar" aria-hidden="true">
        <i style={{ width: `${percent}%` }} />
      </div>
      <small>{retriesWords(ratio)}</small>
    </Tile>
  )
}

/** How many refusals in a row can be tried again. */
function retriesWords(ratio: number): string {
  const count = Math.floor(ratio * 4 + 1e-9)
  if (count === 0) return 'pays for no retry now'
  return count === 1 ? 'pays for one more retry' : `pays for ${count} more retries`
}

function CooldownTile({ panel: { cooldown }, gauges, nowMs }: CallsProps) {
  const { cooldownMs, tabs } = gauges
  // What this page was not told, it has from one before or from another tab.
  const isAsked = cooldown && cooldown.untilMs > nowMs ? cooldown.isAsked : undefined
  const isOn = cooldownMs > 0
  const learned = tabs > 0 ? 'as all tabs of this chat' : 'kept from an earlier page'
  const why = isAsked === undefined ? learned : isAsked ? 'as the server asks' : 'by own caution'
  return (
    <Tile name="Cooldown" tone={isOn ? 'warn' : 'good'}>
      <strong>{isOn ? <Countdown untilMs={nowMs + cooldownMs} /> : 'None'}</strong>
      <small>{isOn ? why : 'no quiet asked for'}</small>
    </Tile>
  )
}
