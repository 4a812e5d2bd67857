import {
  checkNumber,
  compose,
  isTransient,
  reached,
  systemClock,
  systemRandom,
  timeout,
} from '@evenkeel/core'
import { fullJitter } from '@evenkeel/retry'
import type { OutboxOptions, Rejection } from './options.ts'

/** Checks a number. @throws `RangeError` naming option, rule and value */
export function check(name: string, value: unknown): void {
  checkNumber('outbox', name, value, 1, Number.MAX_SAFE_INTEGER)
}

/** The defaults with what is given in their place. */
function complete<D extends object, G extends object>(defaults: D, given: G): D & G {
  const isGiven = ([, value]: [string, unknown]): boolean => value !== undefined
  return { ...defaults, ...Object.fromEntries(Object.entries(given).filter(isGiven)) } as D & G
}

/** The options with all defaults, checked. */
export type Settings<T, R> = ReturnType<typeof settingsOf<T, R>>

/** Checks and completes the options of an outbox. @throws `RangeError` naming option, rule and value */
export function settingsOf<T, R>(options: OutboxOptions<T, R>) {
  const standard = {
    ttlMs: 1_500_000,
    keyLifeMs: 1_500_000,
    maxEntries: 1000,
    maxBytes: 8_388_608,
    duplicates: 'replace' as 'replace' | 'reject',
    maxConcurrent: 4,
    maxAttempts: 20,
    sendTimeoutMs: 120_000,
    backoff: fullJitter({ maxDelayMs: 300_000 }),
    priority: () => 'important' as const,
    isFinal: ({ error }: Rejection<T>) => reached(error) === 'yes' && !isTransient(error),
    resolution: () => 'drop' as const,
    createKey: () => crypto.randomUUID() as string,
    clock: systemClock,
    random: systemRandom,
  }
  const settings = complete(standard, options)
  const { duplicates, policy, sendTimeoutMs } = settings
  const replay = complete(
    { startWindowMs: 1000, startGapMs: 1000, halveMs: 5000, minGapMs: 50 },
    settings.replay ?? {},
  )
  for (const [name, value] of Object.entries({ ...settings, ...replay }))
    if (/^max|Ms$/.test(name)) check(name, value)
  if (!/^re(place|ject)$/.test(duplicates))
    throw new RangeError(`outbox: duplicates must be replace or reject, got ${duplicates}`)
  const limit = timeout(sendTimeoutMs, { clock: options.clock })
  return { ...settings, replay, limit, policy: policy ? compose(limit, policy) : limit }
}
