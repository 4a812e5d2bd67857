/**
 * What an answer says of trying again, apart from when: `false` for no, `true` for yes, or after how many milliseconds.
 *
 * `X-Should-Retry` and `Stripe-Should-Retry` are what the clients of OpenAI, Anthropic and Stripe go by;
 * `grpc-retry-pushback-ms` says no by a negative or an unreadable value (gRFC A6). One no outweighs all else.
 */
export function retryAdvice({ headers }: Response): boolean | number | undefined {
  // What only looks like a Response, as in tests, may have none.
  if (typeof headers?.get !== 'function') return undefined
  const said = `${headers.get('x-should-retry')} ${headers.get('stripe-should-retry')}`
  const pushback = headers.get('grpc-retry-pushback-ms')
  if (/\bfalse\b/i.test(said)) return false
  if (typeof pushback === 'string')
    return /^[ \t]*\d{1,10}[ \t]*$/.test(pushback) && Number(pushback)
  return /\btrue\b/i.test(said) || undefined
}
