import { batchContenders } from '../contenders/batches.ts'
import { mockFetch } from '../contenders/mock-fetch.ts'
import * as policies from '../contenders/policies.ts'
import { requestContenders } from '../contenders/requests.ts'
import type { Contender } from '../race/contender.ts'
import { beside } from './beside.ts'

/** Those of the names, in the order of the names. */
function chosen(contenders: readonly Contender[], ...names: string[]): Contender[] {
  return names.flatMap((name) => contenders.filter((each) => each.name === name))
}

const preset = { ...policies.evenkeelPreset, target: 9 }
const requests = requestContenders(
  () => mockFetch,
  () => 'http://127.0.0.1/ok',
  1.25,
)
const [bareFetch, createFetch] = chosen(requests, 'bare fetch', 'evenkeel createFetch') as [
  Contender,
  Contender,
]
const [loader, evenkeel] = chosen(
  batchContenders(10),
  'dataloader, cache off',
  'evenkeel batch',
) as [Contender, Contender]

/**
 * The calls whose instructions are counted; the first of each list is what the others are compared to. Those beside
 * each other show whether a race that is paired would measure something else.
 */
export const counted: Readonly<Record<string, readonly Contender[]>> = {
  'over an async function': [
    policies.bare,
    policies.pRetryOnly,
    policies.cockatielBulkhead,
    policies.cockatielWrap,
    policies.evenkeelRetry,
    policies.evenkeelBreaker,
    policies.evenkeelBulkhead,
    preset,
    beside(policies.bare, preset),
    beside(preset, policies.bare),
  ],
  'around a mocked fetch': [
    bareFetch,
    ...chosen(requests, 'p-retry + fetch'),
    createFetch,
    beside(bareFetch, createFetch),
    beside(createFetch, bareFetch),
  ],
  'ten keys of one tick': [loader, evenkeel, beside(loader, evenkeel), beside(evenkeel, loader)],
}
