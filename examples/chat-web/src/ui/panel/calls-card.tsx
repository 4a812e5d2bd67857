import type { ComponentChildren } from 'preact'
import { circuitOf, type Panel } from '../../net/panel/panel.ts'
import type { Gauges } from '../../session/session.ts'
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
      <CircuitTile panel={panel} state={gauges.circuit} />
      <BudgetTile ratio={gauges.budgetRatio} />
      <CooldownTile cooldown={panel.cooldown} nowMs={nowMs} />
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

function CircuitTile({ panel, state }: { panel: Panel; state: Gauges['circuit'] }) {
  const [tone, word, meaning] = circuits[state]
  const { untilMs } = circuitOf(panel)
  const sendsMessages = panel.circuits.critical.state === 'closed'
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
        {state === 'open' && untilMs !== undefined ? (
          <>
            {sendsMessages && 'messages go, else '}tries one <Countdown untilMs={untilMs} />
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

function CooldownTile({ cooldown, nowMs }: { cooldown: Panel['cooldown']; nowMs: number }) {
  const isOn = cooldown !== undefined && cooldown.untilMs > nowMs
  return (
    <Tile name="Cooldown" tone={isOn ? 'warn' : 'good'}>
      <strong>{isOn ? <Countdown untilMs={cooldown.untilMs} /> : 'None'}</strong>
      <small>
        {!isOn ? 'no quiet asked for' : cooldown.isAsked ? 'as the server asks' : 'by own caution'}
      </small>
    </Tile>
  )
}
