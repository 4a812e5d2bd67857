import { batchContenders } from '../contenders/batches.ts'
import { discordRest } from '../contenders/discord-rest.ts'
import { flakyContenders } from '../contenders/flaky-requests.ts'
import { mockFetch } from '../contenders/mock-fetch.ts'
import * as policies from '../contenders/policies.ts'
import { requestContenders } from '../contenders/requests.ts'
import type { Race } from '../race/contender.ts'
import { messageRaces } from '../sockets/message-races.ts'

/** Every race by its name: a contender's process looks up in here what it is. */
export const races: Readonly<Record<string, Race>> = {
  policies: {
    inFlight: 1,
    isPaired: true,
    contenders: [
      policies.bare,
      policies.twin,
      policies.oneAsyncWrapper,
      policies.pRetryOnly,
      policies.cockatielRetry,
      policies.cockatielBulkhead,
      policies.cockatielWrap,
      policies.opossum,
      policies.evenkeelRetry,
      policies.evenkeelBreaker,
      policies.evenkeelBulkhead,
      policies.evenkeelTimeout,
      policies.evenkeelPreset,
    ],
  },
  'mocked-fetch': {
    inFlight: 1,
    isPaired: true,
    contenders: requestContenders(
      () => mockFetch,
      () => 'http://127.0.0.1/ok',
      1.25,
    ),
  },
  loopback: {
    inFlight: 16,
    isPaired: true,
    contenders: [
      ...requestContenders(
        () => (input, init) => globalThis.fetch(input, init),
        ({ url }) => `${url}/ok`,
        1.15,
      ),
      {
        name: '@discordjs/rest, one route (undici.request)',
        prepare: ({ url }) => discordRest(url, '/ok'),
      },
    ],
  },
  'batch-1': { inFlight: 1, isPaired: true, contenders: batchContenders(1) },
  'batch-10': { inFlight: 1, isPaired: true, contenders: batchContenders(10) },
  'batch-1000': { inFlight: 1, isPaired: true, contenders: batchContenders(1000) },
  ...messageRaces,
  'small-errors': { inFlight: 16, contenders: flakyContenders('/small-errors') },
  'large-errors': { inFlight: 16, contenders: flakyContenders('/large-errors') },
}
