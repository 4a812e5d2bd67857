import { useEffect, useRef, useState } from 'preact/hooks'
import { failureWords } from '../net/failure-words.ts'
import { headlineOf } from '../net/panel/headline.ts'
import { useApp } from './app-context.ts'
import { Countdown } from './countdown.tsx'
import { Sea } from './panel/sea.tsx'
import { forgetName, rememberedName, rememberName } from './remembered-name.ts'
import { useNow } from './use-now.ts'
import { useStore } from './use-store.ts'

/** Where one comes in; a name is enough. */
export function SignIn() {
  const { session } = useApp()
  const [name, setName] = useState(rememberedName)
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<string>()
  const input = useRef<HTMLInputElement>(null)

  async function enter(): Promise<void> {
    setIsBusy(true)
    setError(undefined)
    try {
      await session.signIn(name.trim())
      rememberName(name.trim())
    } catch (thrown) {
      forgetName()
      setIsBusy(false)
      setError(failureWords(thrown))
    }
  }

  // A page that is loaded again goes on where it was.
  useEffect(() => {
    if (name) void enter()
    else input.current?.focus()
  }, [])

  return (
    <main class="sign-in">
      <form
        class="sign-in-card"
        onSubmit={(event) => {
          event.preventDefault()
          void enter()
        }}
      >
        <Sea weather="calm" />
        <div class="sign-in-body">
          <h1>Come aboard</h1>
          <p class="muted">
            A chat that keeps an even keel while its server does not. Break the server, and watch
            what the client makes of it.
          </p>
          <label class="field">
            <span>Your name</span>
            <input
              ref={input}
              name="name"
              autocomplete="nickname"
              required
              minLength={2}
              maxLength={32}
              value={name}
              disabled={isBusy}
              onInput={({ currentTarget }) => setName(currentTarget.value)}
            />
          </label>
          <button class="primary" type="submit" disabled={isBusy}>
            {isBusy ? 'Coming aboard…' : 'Come aboard'}
          </button>
          <p class="sign-in-status" role="status">
            {isBusy && <Progress />}
            {error && <span class="bad">That did not work: {error}.</span>}
          </p>
        </div>
      </form>
    </main>
  )
}

/** What it is waiting for, once it takes more than one attempt. */
function Progress() {
  const { session, clock } = useApp()
  const panel = useStore(session.panel, (state) => state)
  useNow(500)
  const { weather, words, untilMs } = headlineOf(panel, session.gauges(), clock.now())
  if (weather === 'calm') return null
  return (
    <span class="muted">
      {words} {untilMs !== undefined && <Countdown untilMs={untilMs} />}
    </span>
  )
}
