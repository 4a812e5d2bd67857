import { describe, expect, it } from 'vitest'
import { policyDocument, publishPolicy, type ServerPolicy } from '../../src/steering-server.ts'

/** A response of Node's, as far as it is used. */
function outgoing() {
  const fields = new Map<string, string>()
  return {
    fields,
    statusCode: 200,
    body: undefined as string | undefined,
    setHeader(name: string, value: string) {
      fields.set(name.toLowerCase(), value)
    },
    end(body?: string) {
      this.body = body
    },
  }
}

describe('publishing a policy', () => {
  it('puts it on every response while there is one', () => {
    let policy: ServerPolicy | undefined = { attempts: 2, maxAgeMs: 30_000 }
    const publish = publishPolicy(() => policy)
    let passed = 0
    const first = outgoing()
    publish({ headers: {} }, first, () => passed++)
    expect(first.fields.get('evenkeel-policy')).toBe('attempts=2, max-age=30')
    policy = undefined
    const second = outgoing()
    publish({ headers: {} }, second, () => passed++)
    publish({ headers: {} }, second)
    expect(second.fields.size).toBe(0)
    expect(passed).toBe(2)
  })

  it('answers with it as a document, and with 304 to who knows it', () => {
    let policy: ServerPolicy | undefined = { pause: 'deferred', cooldownMs: 5000 }
    const answer = policyDocument(() => policy)
    const first = outgoing()
    answer({ headers: {} }, first)
    expect(first).toMatchObject({ statusCode: 200, body: 'pause=deferred, cooldown=5' })
    expect(Object.fromEntries(first.fields)).toEqual({
      etag: '"pause=deferred,cooldown=5"',
      'cache-control': 'public, max-age=10',
      'access-control-allow-origin': '*',
      'content-type': 'text/plain',
    })
    const known = { 'if-none-match': first.fields.get('etag') }
    const second = outgoing()
    answer({ headers: known }, second)
    expect(second).toMatchObject({ statusCode: 304, body: undefined })
    policy = undefined
    const third = outgoing()
    answer({ headers: known }, third)
    expect(third).toMatchObject({ statusCode: 200, body: 'max-age=0' })
  })
})
