import { decimalMs } from '../headers/decimal-ms.ts'
import { fieldItems } from '../headers/field-items.ts'
import type { FleetHint } from './admission.ts'

/** The name of the field. */
export const fleetHintField = 'fleet-hint'

/** The longest time for which a hint is believed: a day is taken for a mistake. */
const maxTtlMs = 600_000

const decimal = (text: string | undefined, max: number): number | undefined => {
  const value = text && /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
  return value <= max ? value : undefined
}

/**
 * Reads `Fleet-Hint: level=1.4, retry=0.2, reconnect=60, ttl=30`, a Dictionary of Decimals (RFC 9651); times in
 * seconds. Anything malformed, or a level beyond 3, makes the whole field `undefined`; other members are ignored.
 */
export function parseFleetHint(value: string | null | undefined): FleetHint | undefined {
  // Read as the parameters of one item without a name.
  const [members] = (value && fieldItems(`"";${value.replaceAll(',', ';')}`)) || []
  const level = decimal(members?.get('level'), 3)
  const retry = members?.get('retry')
  const retryRatio = decimal(retry, 1)
  if (level === undefined || (retry !== undefined && retryRatio === undefined)) return undefined
  const ttlMs = decimalMs(members?.get('ttl'))
  return {
    level,
    retryRatio,
    reconnectWindowMs: decimalMs(members?.get('reconnect')),
    ttlMs: ttlMs === undefined ? undefined : Math.min(ttlMs, maxTtlMs),
  }
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
