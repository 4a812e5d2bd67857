import type { SocketView } from '../../net/panel/panel.ts'
import type { Gauges } from '../../session/gauges.ts'
import { useApp } from '../app-context.ts'
import { Countdown } from '../countdown.tsx'

const tones = {
  none: 'warn',
  dialling: 'warn',
  open: 'good',
  waiting: 'bad',
  closed: 'bad',
} as const

const sessions = {
  none: 'none yet',
  started: 'a new one',
  resumed: 'resumed, nothing missed',
} as const

/** The gateway's connection: how it is, and why the last one ended. */
export function SocketCard({ socket, gauges }: { socket: SocketView; gauges: Gauges }) {
  const { session } = useApp()
  const { state, failures, untilMs, lastLoss } = socket
  return (
    <section class="card socket" aria-label="Socket" data-tone={tones[state]}>
      <div class="socket-state">
        <span class="dot" aria-hidden="true" />
        <div>
          <h3>Socket</h3>
          <strong>
            <State state={state} untilMs={untilMs} />
          </strong>
        </div>
        {state === 'waiting' || state === 'closed' ? (
          <button type="button" class="small" onClick={() => session.reconnect()}>
            Try now
          </button>
        ) : (
          <p class="round-trip">
            <span class="muted">Round trip</span> {roundTripWords(gauges)}
          </p>
        )}
      </div>
      <dl>
        <dt>Last end</dt>
        <dd data-fact="last-end">{lastLoss ?? 'none yet'}</dd>
        <dt>Session</dt>
        <dd>{sessions[socket.session]}</dd>
        <dt>Failures</dt>
        <dd>{failures === 0 ? 'none' : `${failures} in a row`}</dd>
      </dl>
    </section>
  )
}

function roundTripWords({ rttMs, isLeader }: Gauges): string {
  if (rttMs !== undefined) return `${Math.max(1, Math.round(rttMs))} ms`
  return isLeader ? 'not yet known' : 'known in another tab'
}

function State({ state, untilMs }: Pick<SocketView, 'state' | 'untilMs'>) {
  switch (state) {
    case 'none':
      return <>Not dialled yet</>
    case 'dialling':
      return <>Dialling…</>
    case 'open':
      return <>Connected</>
    case 'waiting':
      return <>Reconnecting {untilMs !== undefined && <Countdown untilMs={untilMs} />}</>
    case 'closed':
      return <>Closed for good</>
  }
}
