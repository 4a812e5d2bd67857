import { learnedBuckets } from '@evenkeel/rate-limit'
import type { FetchOptions, RequestFacts } from './options.ts'

/** GitHub counts searches, code searches and GraphQL apart from the rest. */
export function githubRoute({ url }: RequestFacts): string {
  const { pathname } = new URL(url, 'https://api.github.com')
  return (
    /^\/(search\/code|search|graphql)/.exec(pathname.replace(/^\/api(\/v3)?/, ''))?.[1] ?? 'core'
  )
}

/**
 * GitHub's REST and GraphQL API: its primary limits paced by the headers, its secondary limits by
 * `Retry-After`, also where it answers 403 (docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 * A refused request has done nothing.
 */
export function github(): FetchOptions {
  return {
    route: githubRoute,
    refusalStatuses: [425, 429],
    isRateRefusal: ({ status, headers }) =>
      status === 403 &&
      (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0'),
    rateLimit: { limits: [learnedBuckets()] },
  }
}
