import type { LogLine } from '../../net/panel/log-line.ts'

/** What has just happened, the latest first. */
export function EventLog({ log, nowMs }: { log: readonly LogLine[]; nowMs: number }) {
  return (
    <section class="card" aria-label="What happened">
      <h3>What happened</h3>
      {log.length === 0 ? (
        <p class="muted">Nothing yet. Press a button above.</p>
      ) : (
        <ol class="log">
          {log.map(({ id, atMs, tone, text }) => (
            <li key={id} data-tone={tone}>
              <span class="ago">{agoWords(nowMs - atMs)}</span>
              <span>{text}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function agoWords(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 1) return 'now'
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`
}
