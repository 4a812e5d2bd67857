/** Something that an app imports, to be bundled by itself. */
export interface Entry {
  readonly module: string
  /** What is imported: names, `*` for the whole, nothing for the default. */
  readonly names?: readonly string[] | '*'
  /** The most it may take, minified and gzipped, its dependencies included. */
  readonly targetKb?: number
}

const cockatiel = ['circuitBreaker', 'ExponentialBackoff', 'handleAll', 'retry', 'SamplingBreaker']

export const entries: readonly Entry[] = [
  { module: 'p-retry' },
  { module: 'cockatiel', names: ['retry', 'handleAll', 'ExponentialBackoff'] },
  { module: 'cockatiel', names: [...cockatiel, 'timeout', 'TimeoutStrategy', 'wrap'] },
  { module: 'cockatiel', names: ['bulkhead'] },
  { module: 'cockatiel', names: '*' },
  { module: 'opossum' },
  { module: 'ky' },
  { module: '@discordjs/rest', names: ['REST'] },
  { module: '@evenkeel/core', names: ['compose', 'run', 'timeout'], targetKb: 1.2 },
  { module: '@evenkeel/core', names: '*' },
  { module: '@evenkeel/retry', names: ['retry'], targetKb: 3.5 },
  { module: '@evenkeel/retry', names: '*' },
  { module: '@evenkeel/circuit-breaker', names: ['circuitBreaker'], targetKb: 2.5 },
  { module: '@evenkeel/circuit-breaker', names: '*' },
  { module: '@evenkeel/bulkhead', names: ['bulkhead'] },
  { module: '@evenkeel/bulkhead', names: '*' },
  { module: '@evenkeel/rate-limit', names: ['rateLimit'], targetKb: 4 },
  { module: '@evenkeel/rate-limit', names: '*' },
  { module: '@evenkeel/fetch', names: ['preset'] },
  { module: '@evenkeel/fetch', names: ['createFetch'], targetKb: 10 },
  { module: '@evenkeel/fetch', names: '*' },
  { module: 'dataloader' },
  { module: '@evenkeel/batch', names: ['batch'], targetKb: 2 },
  { module: '@evenkeel/batch', names: '*' },
]
