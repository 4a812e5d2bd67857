import { directiveMs } from './directives.ts'

/** When an answer was asked for and came, on the clock and by the wall. */
export interface Arrival {
  readonly askedAtMs: number
  readonly cameAtMs: number
  readonly wallMs: number
}

/** Epoch milliseconds of an HTTP-date; `NaN` if it is none. */
function dateMs(field: string | null): number {
  return field?.endsWith('GMT') ? Date.parse(field) : Number.NaN
}

/** How old an answer was when it came (RFC 9111 §4.2.3). */
export function initialAgeMs(headers: Headers, { askedAtMs, cameAtMs, wallMs }: Arrival): number {
  const stated = headers.get('age') ?? ''
  const ageMs = /^\d+$/.test(stated) ? Math.min(Number(stated), 2 ** 31) * 1000 : 0
  const apparentMs = wallMs - dateMs(headers.get('date'))
  return Math.max(apparentMs || 0, ageMs + cameAtMs - askedAtMs)
}

/**
 * How long an answer is fresh from its making (RFC 9111 §4.2.1); a tenth of the time since it changed, where nothing says
 * (§4.2.2).
 */
export function lifetimeMs(
  headers: Headers,
  directives: ReadonlyMap<string, string>,
  isShared: boolean,
  wallMs: number,
): number {
  const stated =
    (isShared ? directiveMs(directives, 's-maxage') : undefined) ??
    directiveMs(directives, 'max-age')
  if (stated !== undefined) return stated
  const madeMs = dateMs(headers.get('date')) || wallMs
  const expires = headers.get('expires')
  if (expires !== null) return Math.max(0, dateMs(expires) - madeMs || 0)
  return Math.max(0, (madeMs - dateMs(headers.get('last-modified'))) / 10 || 0)
}
