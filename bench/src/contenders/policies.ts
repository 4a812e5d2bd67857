import type { Contender } from '../race/contender.ts'

/** What every contender of this file calls: a function that resolves at once. */
async function action(): Promise<number> {
  return 1
}

export const bare: Contender = {
  name: 'bare',
  prepare: async () => () => action(),
}

/** The same again: what its row differs from the first by is noise. */
export const twin: Contender = { name: 'bare (twin, control)', prepare: bare.prepare }

export const oneAsyncWrapper: Contender = {
  name: 'one async wrapper',
  async prepare() {
    return async () => await action()
  },
}

export const pRetryOnly: Contender = {
  name: 'p-retry',
  async prepare() {
    const { default: pRetry } = await import('p-retry')
    return () => pRetry(action)
  },
}

export const cockatielRetry: Contender = {
  name: 'cockatiel retry',
  async prepare() {
    const { ExponentialBackoff, handleAll, retry } = await import('cockatiel')
    const policy = retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() })
    return () => policy.execute(action)
  },
}

export const cockatielWrap: Contender = {
  name: 'cockatiel wrap(retry, breaker, timeout)',
  async prepare() {
    const { cockatielPolicy } = await import('./cockatiel-policy.ts')
    const policy = cockatielPolicy()
    return () => policy.execute(action)
  },
}

export const cockatielBulkhead: Contender = {
  name: 'cockatiel bulkhead',
  async prepare() {
    const { bulkhead } = await import('cockatiel')
    const policy = bulkhead(10, 1000)
    return () => policy.execute(action)
  },
}

export const opossum: Contender = {
  name: 'opossum (breaker, timeout)',
  async prepare() {
    const { default: CircuitBreaker } = await import('opossum')
    const breaker = new CircuitBreaker(action)
    return () => breaker.fire()
  },
}

export const evenkeelRetry: Contender = {
  name: 'evenkeel retry',
  target: 4,
  async prepare() {
    const { run } = await import('@evenkeel/core')
    const { retry } = await import('@evenkeel/retry')
    const policy = retry()
    return () => run(policy, action)
  },
}

export const evenkeelBreaker: Contender = {
  name: 'evenkeel circuitBreaker',
  target: 4,
  async prepare() {
    const { run } = await import('@evenkeel/core')
    const { circuitBreaker } = await import('@evenkeel/circuit-breaker')
    const policy = circuitBreaker()
    return () => run(policy, action)
  },
}

export const evenkeelBulkhead: Contender = {
  name: 'evenkeel bulkhead',
  async prepare() {
    const { run } = await import('@evenkeel/core')
    const { bulkhead } = await import('@evenkeel/bulkhead')
    const policy = bulkhead()
    return () => run(policy, action)
  },
}

export const evenkeelTimeout: Contender = {
  name: 'evenkeel timeout',
  async prepare() {
    const { run, timeout } = await import('@evenkeel/core')
    const policy = timeout(60_000)
    return () => run(policy, action)
  },
}

export const evenkeelPreset: Contender = {
  name: 'evenkeel preset (whole)',
  target: 12,
  async prepare() {
    const { run } = await import('@evenkeel/core')
    const { preset } = await import('@evenkeel/fetch')
    const policy = preset()
    return () => run(policy, action)
  },
}
