import type { StateEvent, StateRestored } from '@evenkeel/core/persistence'

/** What is told of state that outlives the page. */
export type StateNews =
  | Exclude<StateEvent, StateRestored>
  /** `isReload`: by the page before, which was this one. */
  | (StateRestored & { readonly isReload: boolean })
