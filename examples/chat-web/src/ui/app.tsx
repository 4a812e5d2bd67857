import { AppContext, type AppParts } from './app-context.ts'
import { Room } from './room.tsx'
import { SignIn } from './sign-in.tsx'
import { useStore } from './use-store.ts'

/** The whole page. */
export function App({ app }: { app: AppParts }) {
  const me = useStore(app.session.chat, (state) => state.me)
  return <AppContext.Provider value={app}>{me ? <Room me={me} /> : <SignIn />}</AppContext.Provider>
}
