import type { Clock } from '@evenkeel/core'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Session } from '../session/session.ts'

/** What every part of the page may use. */
export interface AppParts {
  readonly session: Session
  readonly clock: Clock
  /** Of the mock, whose admin API breaks it. */
  readonly serverUrl: string
}

export const AppContext = createContext<AppParts | undefined>(undefined)

/** Gives what every part of the page may use. */
export function useApp(): AppParts {
  const app = useContext(AppContext)
  if (!app) throw new Error('there is no AppContext around this')
  return app
}
