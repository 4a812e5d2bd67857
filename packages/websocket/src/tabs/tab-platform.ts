import type { TabChannel } from './tab-link.ts'
import type { TabLocks } from './tab-turn.ts'

/** What tabs find each other by; without it a tab is alone. */
export interface TabPlatform {
  readonly id: string
  readonly name: string
  readonly locks: TabLocks
  readonly channel: (name: string) => TabChannel | undefined
}
