import type { Cohort } from '../contenders/contender.ts'
import { rankOf, ranks } from './rank.ts'

/** Which cohort a client belongs to at an instant, by number. */
export function cohortOf(cohorts: readonly Cohort[], client: number, nowMs: number): number {
  let rank = cohorts.length > 1 ? rankOf(client, ranks.cohort) : 0
  let found = 0
  let isFound = false
  for (let which = 0; which < cohorts.length; which++) {
    const { ratio, joins } = cohorts[which] as Cohort
    if (joins) {
      const progress = (nowMs - joins.fromMs) / joins.overMs
      if (rankOf(client, ranks.rollout) < progress * ratio) return which
    } else if (!isFound) {
      found = which
      rank -= ratio
      isFound = rank < 0
    }
  }
  return found
}
