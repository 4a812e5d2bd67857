import { useState } from 'preact/hooks'
import { chatter, doMischief, heal, type Mischief, mischiefs } from '../../net/operator.ts'
import { useApp } from '../app-context.ts'
import { useStore } from '../use-store.ts'

/** What an operator, or fate, can do to the server. */
export function BreakTheServer() {
  const { session, serverUrl } = useApp()
  const activeId = useStore(session.chat, (state) => state.activeId)
  const [told, setTold] = useState('')
  const [looked, setLooked] = useState<Mischief>()
  const all = [...mischiefs, chatter(activeId ?? ''), heal]

  async function act(mischief: Mischief): Promise<void> {
    try {
      await doMischief(serverUrl, mischief)
      setTold(`Done: ${mischief.what}.`)
    } catch {
      setTold('The server did not answer: it may be down.')
    }
  }

  return (
    <section class="card break" aria-label="Break the server">
      <h3>Break the server</h3>
      <ul onPointerLeave={() => setLooked(undefined)}>
        {all.map((mischief) => (
          <li key={mischief.id} onPointerEnter={() => setLooked(mischief)}>
            <button
              type="button"
              class="mischief"
              data-mischief={mischief.id}
              aria-description={mischief.what}
              onFocus={() => setLooked(mischief)}
              onBlur={() => setLooked(undefined)}
              onClick={() => {
                setLooked(undefined)
                void act(mischief)
              }}
            >
              {mischief.name}
            </button>
          </li>
        ))}
      </ul>
      <p class="told" role="status" aria-live={looked ? 'off' : 'polite'}>
        {looked
          ? `${looked.name}: ${looked.what}.`
          : told || 'Each shows what the client makes of it.'}
      </p>
    </section>
  )
}
