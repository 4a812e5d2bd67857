import type { Priority } from '@evenkeel/core'

/** From the most to the least important; a priority is known by its place here. */
export const priorities: readonly Priority[] = ['critical', 'important', 'deferred']
