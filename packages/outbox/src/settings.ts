import {
  checkNumber,
  compose,
  isTransient,
  type Policy,
  reached,
  systemClock,
  systemRandom,
  timeout,
} from '@evenkeel/core'
import { fullJitter } from '@evenkeel/retry'
import { checkType, checkWord } from './checks.ts'
import type { Overflow } from './drop-oldest.ts'
import type { EnqueueOptions, OutboxOptions, Rejection } from './options.ts'
import type { OutboxSignals } from './signals.ts'

/**
 * The defaults, and what is given in their place: of the same type, and a number in its range.
 *
 * @throws `RangeError` naming option, rule and value
 */
export function complete<D extends object, G extends object>(defaults: D, given: G): D & G {
  const all = { ...defaults } as Record<string, unknown>
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    if (!(name in defaults)) throw new RangeError(`outbox: there is no option ${name}`)
    const type = typeof all[name]
    if (type === 'number') checkNumber('outbox', name, value, 1, Number.MAX_SAFE_INTEGER)
    else if (type !== 'undefined') checkType(name, value, type)
    all[name] = value
  }
  return all as never
}

/** Completes and checks what one entry is told. @throws `RangeError` naming option, rule and value */
export function enqueueSettingsOf(given: EnqueueOptions, ttlMs: number) {
  const standard = {
    lane: 'default',
    idempotencyKey: undefined as string | boolean | undefined,
    dedupKey: undefined,
    ttlMs,
  }
  const settings = complete(standard, given)
  // One key for all would make them one request.
  if (settings.idempotencyKey === '')
    throw new RangeError('outbox: idempotencyKey must not be empty')
  return settings
}

/** The options with all defaults, checked. */
export type Settings<T, R> = ReturnType<typeof settingsOf<T, R>>

/** Checks and completes the options of an outbox. @throws `RangeError` naming option, rule and value */
export function settingsOf<T, R>(options: OutboxOptions<T, R>, signals: OutboxSignals | undefined) {
  const standard = {
    ttlMs: 1_500_000,
    keyLifeMs: 1_500_000,
    maxEntries: 1000,
    maxBytes: 8_388_608,
    overflow: (() => undefined) as Overflow,
    duplicates: 'replace' as 'replace' | 'reject',
    maxConcurrent: 4,
    maxAttempts: 20,
    sendTimeoutMs: 120_000,
    backoff: fullJitter({ maxDelayMs: 300_000 }),
    replay: {},
    priority: () => 'important' as const,
    policy: undefined as Policy | undefined,
    isFinal: ({ error }: Rejection<T>) => reached(error) === 'yes' && !isTransient(error),
    resolution: () => 'drop' as const,
    onEvent: () => {},
    signals,
    createKey: () => crypto.randomUUID() as string,
    clock: systemClock,
    random: systemRandom,
  }
  const settings = complete(standard, options)
  const { duplicates, policy, sendTimeoutMs } = settings
  const replay = complete(
    { startWindowMs: 1000, startGapMs: 1000, halveMs: 5000, minGapMs: 50 },
    settings.replay,
  )
  checkWord('duplicates', duplicates, ['replace', 'reject'])
  if (policy) checkType('policy.execute', policy.execute, 'function')
  const limit = timeout(sendTimeoutMs, { clock: options.clock })
  return { ...settings, replay, limit, policy: policy ? compose(limit, policy) : limit }
}
