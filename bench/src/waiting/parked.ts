/** Ways to make a call that fails at once and then waits for its retry. */
export interface Parked {
  readonly name: string
  /** How one call is made; all are given the same signal. */
  prepare(): Promise<(signal: AbortSignal) => Promise<unknown>>
}

const waitMs = 60_000

async function refuse(): Promise<never> {
  throw refusal
}
const refusal = new Error('refused')

export const parked: readonly Parked[] = [
  {
    name: 'bare (a timer each, one listener and a Set)',
    async prepare() {
      const { parkBare } = await import('./park-bare.ts')
      const park = parkBare(waitMs)
      return (signal) => refuse().catch(() => park(signal))
    },
  },
  {
    name: 'p-retry',
    async prepare() {
      const { default: pRetry } = await import('p-retry')
      return (signal) => pRetry(refuse, { minTimeout: waitMs, signal })
    },
  },
  {
    name: 'cockatiel retry',
    async prepare() {
      const { ConstantBackoff, handleAll, retry } = await import('cockatiel')
      const policy = retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(waitMs) })
      return (signal) => policy.execute(refuse, signal)
    },
  },
  {
    name: 'evenkeel retry',
    async prepare() {
      const { run } = await import('@evenkeel/core')
      const { constant, retry } = await import('@evenkeel/retry')
      const policy = retry({ backoff: constant(waitMs), budget: false })
      return (signal) => run(policy, refuse, { signal })
    },
  },
  {
    name: 'bare fetch, then the wait of the first row',
    async prepare() {
      const { parkBare } = await import('./park-bare.ts')
      const park = parkBare(waitMs)
      return async (signal) => {
        const response = await refusingFetch()
        await response.body?.cancel()
        await park(signal)
      }
    },
  },
  {
    name: 'ky',
    async prepare() {
      const { default: ky } = await import('ky')
      const client = ky.create({ fetch: refusingFetch, retry: { delay: () => waitMs } })
      return (signal) => client.get('http://127.0.0.1/', { signal }).json()
    },
  },
  {
    name: 'evenkeel createFetch',
    async prepare() {
      const { consecutiveFailures } = await import('@evenkeel/circuit-breaker')
      const { createFetch } = await import('@evenkeel/fetch')
      const { constant } = await import('@evenkeel/retry')
      const resilientFetch = createFetch({
        fetch: refusingFetch,
        retry: { backoff: constant(waitMs), budget: false },
        circuitBreaker: { trip: consecutiveFailures({ threshold: 1e9 }) },
      })
      return (signal) => resilientFetch('http://127.0.0.1/', { signal })
    },
  },
]

async function refusingFetch(): Promise<Response> {
  return new Response('no', { status: 503 })
}
