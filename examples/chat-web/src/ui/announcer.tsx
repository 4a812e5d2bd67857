import { headlineOf } from '../net/panel/headline.ts'
import { useApp } from './app-context.ts'
import { useNow } from './use-now.ts'
import { useStore } from './use-store.ts'

/** Tells those who do not see it how it stands: when it changes, and without the seconds. */
export function Announcer() {
  const { session } = useApp()
  const panel = useStore(session.panel, (state) => state)
  const failed = useStore(
    session.chat,
    ({ outgoing }) => outgoing.filter(({ status }) => status.kind === 'failed').length,
  )
  const { words } = headlineOf(panel, session.gauges(), useNow(1000))
  const unsent =
    failed === 0
      ? ''
      : failed === 1
        ? 'One message was not sent.'
        : `${failed} messages were not sent.`
  return (
    <p class="visually-hidden" role="status">
      {words}. {unsent}
    </p>
  )
}
