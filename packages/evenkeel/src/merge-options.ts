import type { FetchOptions } from '@evenkeel/fetch'

const names = ['retry', 'rateLimit', 'circuitBreaker', 'idempotency', 'call'] as const

const isBag = (value: unknown): value is object => typeof value === 'object' && value !== null

/** What an app says goes before what a preset says, option by option. */
export function mergeOptions<T extends Pick<FetchOptions, (typeof names)[number]>>(
  preset: FetchOptions,
  own: T,
): T {
  const merged = { ...preset, ...own } as Record<string, unknown>
  for (const name of names) {
    const [inPreset, inOwn] = [preset[name], own[name]]
    if (isBag(inPreset) && isBag(inOwn)) merged[name] = { ...inPreset, ...inOwn }
  }
  return merged as T
}
