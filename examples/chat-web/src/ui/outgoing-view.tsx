import type { Outgoing, SendStatus } from '../chat/outgoing.ts'
import { useApp } from './app-context.ts'
import { Avatar } from './avatar.tsx'
import { Countdown, secondsWords } from './countdown.tsx'
import { FileChip } from './file-chip.tsx'
import { useNow } from './use-now.ts'
import { useStore } from './use-store.ts'

/** A message that is on its way, and how it fares. */
export function OutgoingView({ outgoing }: { outgoing: Outgoing }) {
  const { session } = useApp()
  const me = useStore(session.chat, (state) => state.me)
  const { nonce, content, files, status } = outgoing
  const isFailed = status.kind === 'failed'
  return (
    <li class="message" data-status={status.kind}>
      {me && <Avatar user={me} />}
      <div class="message-body">
        <p class="message-head">
          <span class="author">{me?.name}</span>
        </p>
        {content && <p class="content">{content}</p>}
        {files.length > 0 && (
          <div class="attachments">
            {files.map((file) => (
              <FileChip key={file.name} file={file} />
            ))}
          </div>
        )}
        <p class="mark">
          <span class="mark-dot" aria-hidden="true" />
          <Mark status={status} />
          {isFailed && (
            <button type="button" class="link" onClick={() => session.resend(nonce)}>
              Try again
            </button>
          )}
          {status.kind !== 'sending' && (
            <button type="button" class="link" onClick={() => session.discard(nonce)}>
              Discard
            </button>
          )}
        </p>
      </div>
    </li>
  )
}

function Mark({ status }: { status: SendStatus }) {
  const { session } = useApp()
  // Whatever a retry waits for itself, nothing goes while the server is left alone.
  const quietUntilMs = useStore(session.panel, ({ cooldown }) => cooldown?.untilMs ?? 0)
  const isOnline = useStore(session.chat, (state) => state.isOnline)
  if (!isOnline && (status.kind === 'queued' || status.kind === 'retrying'))
    return <>Kept here: goes when you are online again</>
  switch (status.kind) {
    case 'queued':
      return <>Waits for its turn</>
    case 'sending':
      return <>{status.attempt > 1 ? `Sending, attempt ${status.attempt}…` : 'Sending…'}</>
    case 'held':
      return (
        <>
          Held back, to leave the server alone
          {status.untilMs !== undefined && (
            <>
              : goes <Countdown untilMs={status.untilMs} />
            </>
          )}
        </>
      )
    case 'retrying':
      return (
        <>
          Retrying <Countdown untilMs={Math.max(status.untilMs, quietUntilMs)} />: {status.because}
        </>
      )
    case 'failed':
      return (
        <>
          Not sent: {status.because}
          {status.untilMs !== undefined && <WorthATry untilMs={status.untilMs} />}
        </>
      )
  }
}

function WorthATry({ untilMs }: { untilMs: number }) {
  const nowMs = useNow()
  return nowMs < untilMs ? <>; it can be tried {secondsWords(untilMs, nowMs)}</> : null
}
