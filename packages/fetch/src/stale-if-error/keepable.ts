import type { KeptAnswer } from './answer-store.ts'
import type { Asked } from './asked.ts'
import { directiveMs, directives } from './directives.ts'
import { type Arrival, initialAgeMs, lifetimeMs } from './freshness.ts'

/** What a store is, and allows. */
export interface KeepRules {
  readonly isShared: boolean
  /** How long past its freshness an answer may be used that does not say. */
  readonly graceMs: number
}

/** What is kept of an answer besides its body, if it may be kept (RFC 9111 §3). */
export function keepable(
  { url: asked, headers: askedHeaders, directives: askedDirectives }: Asked,
  { status, statusText, headers, url, redirected, type }: Response,
  arrival: Arrival,
  { isShared, graceMs }: KeepRules,
): Omit<KeptAnswer, 'body'> | undefined {
  const said = directives(headers.get('cache-control'))
  const says = (...names: readonly string[]): boolean => names.some((name) => said.has(name))
  // RFC 9111 §3.5.
  const isOfOne =
    says('private') ||
    (askedHeaders.has('authorization') && !says('public', 's-maxage', 'must-revalidate'))
  if (status !== 200 || says('no-store', 'no-cache') || headers.get('vary')?.includes('*'))
    return undefined
  if (isShared && isOfOne) return undefined
  const mustAsk = says('must-revalidate') || (isShared && says('proxy-revalidate', 's-maxage'))
  const kept = new Headers(headers)
  // Of that time, and of that answer.
  kept.delete('set-cookie')
  return {
    url: asked,
    response: { status, statusText, headers: kept, url, redirected, type },
    ageMs: initialAgeMs(headers, arrival),
    lifetimeMs: lifetimeMs(headers, said, isShared, arrival.wallMs),
    graceMs: mustAsk
      ? 0
      : (directiveMs(said, 'stale-if-error') ??
        directiveMs(askedDirectives, 'stale-if-error') ??
        graceMs),
    arrival,
  }
}

/** By which headers the answers to a request differ, in one order. */
export function varyNames(headers: Headers): readonly string[] {
  const names = headers.get('vary')?.toLowerCase().split(',') ?? []
  return names
    .map((name) => name.trim())
    .filter(Boolean)
    .sort()
}
