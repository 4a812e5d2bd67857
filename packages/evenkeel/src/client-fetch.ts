import { singleFlightFetch } from '@evenkeel/batch/fetch'
import { timersEndWithRequest } from '@evenkeel/core'
import type { CallOptions, FetchInput, ResilientFetch, ResilientRequestInit } from '@evenkeel/fetch'
import type { ClientOptions } from './client-options.ts'
import type { Lifecycle } from './lifecycle.ts'
import { resolveUrl } from './resolve-url.ts'

/** Puts around a fetch what a client adds: addresses relative to the API, and one request for identical reads. */
export function clientFetch(
  fetch: ResilientFetch,
  baseUrl: URL | undefined,
  singleFlight: ClientOptions['singleFlight'] = timersEndWithRequest ? false : undefined,
  life: Lifecycle,
  shed: (call: CallOptions) => Error | undefined,
): ResilientFetch {
  const send =
    singleFlight === false ? fetch : singleFlightFetch<ResilientRequestInit>(fetch, singleFlight)

  function build(defaults: CallOptions | undefined): ResilientFetch {
    const clientFetch = (input: FetchInput, init?: ResilientRequestInit): Promise<Response> => {
      const call = { ...defaults, ...init?.evenkeel }
      const refused = life.refusal ?? shed(call)
      if (refused) return Promise.reject(refused)
      const address = typeof input === 'string' && baseUrl ? resolveUrl(input, baseUrl) : input
      return life.track(send(address, defaults ? { ...init, evenkeel: call } : init))
    }
    return Object.assign(clientFetch, {
      with: (call: CallOptions) => build({ ...defaults, ...call }),
      policies: fetch.policies,
      baseUrl,
    })
  }
  return build(undefined)
}
