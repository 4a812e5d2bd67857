/** How an idempotency key is made and sent. */
export interface IdempotencyOptions {
  /** @defaultValue `'Idempotency-Key'` (draft-ietf-httpapi-idempotency-key-header) */
  readonly header?: string | undefined
  /** `quoted` is the draft's structured-field string; `bare` is what Stripe and others read. @defaultValue `'quoted'` */
  readonly format?: 'quoted' | 'bare' | undefined
  /** @defaultValue `crypto.randomUUID` */
  readonly create?: (() => string) | undefined
}

/**
 * Whether sending a request of this method twice has the effect of once: RFC 9110 §9.2.2, and QUERY
 * (draft-ietf-httpbis-safe-method-w-body).
 */
export function isIdempotent(method: string): boolean {
  return method === 'GET' || /^(HEAD|OPTIONS|PUT|DELETE|TRACE|QUERY)$/.test(method)
}

/** The header of an idempotency key, made when `wanted` is not itself one. */
export function idempotencyHeader(
  wanted: true | string,
  {
    header = 'Idempotency-Key',
    format = 'quoted',
    create = () => crypto.randomUUID(),
  }: IdempotencyOptions = {},
): readonly [name: string, value: string] {
  const value = wanted === true ? create() : wanted
  return [header, format === 'bare' ? value : `"${value.replace(/["\\]/g, '\\$&')}"`]
}
