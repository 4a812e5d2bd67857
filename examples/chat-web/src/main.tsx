import { systemClock } from '@evenkeel/core'
import { render } from 'preact'
import { keepAppShell } from './app-shell.ts'
import { Session } from './session/session.ts'
import { App } from './ui/app.tsx'
import { initTheme } from './ui/theme.ts'

/** What the server of the page knows, and the page does not. */
interface Config {
  /** As in `http://127.0.0.1:8080`. */
  readonly serverUrl: string
  /** Whether the page changes with its sources: such a page is not worth keeping. */
  readonly isLive: boolean
}

/** Whether the browser was told to load this page again. */
const isReload = (): boolean =>
  performance
    .getEntriesByType('navigation')
    .some((entry) => (entry as PerformanceNavigationTiming).type === 'reload')

/** Shows the chat of this server. */
function show(serverUrl: string, root: HTMLElement): void {
  const session = new Session({
    apiUrl: `${serverUrl}/api`,
    clock: systemClock,
    storage: localStorage,
    isReload: isReload(),
  })
  const attend = (): void => session.attend(document.visibilityState === 'visible')
  document.addEventListener('visibilitychange', attend)
  attend()
  render(<App app={{ session, clock: systemClock, serverUrl }} />, root)
}

initTheme()
const root = document.getElementById('app') as HTMLElement
const config = await fetch('/config.json')
  .then((response): Promise<Config> => response.json())
  .catch(() => undefined)
if (config) {
  show(config.serverUrl, root)
  if (!config.isLive) keepAppShell().catch(() => {})
} else root.textContent = 'This page needs its server: pnpm --filter @evenkeel/chat-web start'
