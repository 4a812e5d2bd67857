import type { Priority } from '@evenkeel/core'

/** The most important first. */
export const priorities: readonly Priority[] = ['critical', 'important', 'deferred']
