import { mockFetch } from '../contenders/mock-fetch.ts'
import * as policies from '../contenders/policies.ts'
import { requestContenders } from '../contenders/requests.ts'
import type { Contender } from '../race/contender.ts'

/** The calls whose instructions are counted; the first of each list is what the others are compared to. */
export const counted: Readonly<Record<string, readonly Contender[]>> = {
  'over an async function': [
    policies.bare,
    policies.pRetryOnly,
    policies.cockatielBulkhead,
    policies.cockatielWrap,
    policies.evenkeelRetry,
    policies.evenkeelBreaker,
    policies.evenkeelBulkhead,
    { ...policies.evenkeelPreset, target: 9 },
  ],
  'around a mocked fetch': requestContenders(
    () => mockFetch,
    () => 'http://127.0.0.1/ok',
    1.25,
  ).filter(({ name }) => /^(bare fetch|p-retry \+ fetch|evenkeel createFetch)$/.test(name)),
}
