import { decimalMs } from '../headers/decimal-ms.ts'
import { dictionary } from '../headers/dictionary.ts'
import type { FleetHint } from './admission.ts'

/** The name of the field. */
export const fleetHintField = 'fleet-hint'

/** The field of a request that says by which level it was sent. */
export const fleetLevelField = 'Fleet-Level'

/** The longest time for which a hint is believed: a day is taken for a mistake. */
export const maxTtlMs = 600_000

const decimal = (text: string, max: number): number =>
  /^\d{1,3}(\.\d{1,3})?$/.test(text) && Number(text) <= max ? Number(text) : Number.NaN

/**
 * Reads `Fleet-Hint: level=1.4, retry=0.2, reconnect=60, ttl=30`, a Dictionary of Decimals (RFC 9651); times in
 * seconds. Anything malformed, or a level beyond 3, makes the whole field `undefined`; other members are ignored.
 */
export function parseFleetHint(value: string | null | undefined): FleetHint | undefined {
  const members = dictionary(value ?? '')
  const read = (name: string, as: (text: string) => number | undefined): number | undefined => {
    const text = members?.get(name)
    return text === undefined ? undefined : (as(text) ?? Number.NaN)
  }
  const hint = {
    level: read('level', (text) => decimal(text, 3)) ?? Number.NaN,
    retryRatio: read('retry', (text) => decimal(text, 1)),
    reconnectWindowMs: read('reconnect', decimalMs),
    ttlMs: read('ttl', (text) => Math.min(decimalMs(text) ?? Number.NaN, maxTtlMs)),
  }
  return Object.values(hint).some(Number.isNaN) ? undefined : hint
}

/** Writes the field. */
export function formatFleetHint({
  level,
  retryRatio,
  reconnectWindowMs,
  ttlMs,
}: FleetHint): string {
  const members: readonly [name: string, value: number | undefined][] = [
    ['level', level],
    ['retry', retryRatio],
    ['reconnect', reconnectWindowMs && reconnectWindowMs / 1000],
    ['ttl', ttlMs && ttlMs / 1000],
  ]
  return members
    .flatMap(([name, value]) =>
      value === undefined ? [] : `${name}=${Math.round(value * 1000) / 1000}`,
    )
    .join(', ')
}
