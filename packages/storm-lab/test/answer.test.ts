import { describe, expect, it } from 'vitest'
import { answerMaker } from '../src/shells/answer.ts'

const answer = answerMaker()

describe('the answer of a simulated fetch', () => {
  it.each([200, 299, 301, 429, 503])(
    'is a Response of %d, by all that one can be asked',
    (status) => {
      const given = answer(status, NaN)
      const whole = new Response(null, { status })
      expect(given).toBeInstanceOf(Response)
      expect(String(given)).toBe(String(whole))
      for (const [name, { get }] of Object.entries(
        Object.getOwnPropertyDescriptors(Response.prototype),
      )) {
        if (get) expect(given[name as 'ok'], name).toEqual(whole[name as 'ok'])
        else expect(given[name as 'text'], name).toBeTypeOf('function')
      }
    },
  )

  it('says when to come again', () => {
    const { headers } = answer(503, 1500)
    expect([...headers]).toEqual([['retry-after', '1.5']])
  })

  it('can be read, and copied, though there is nothing in it', async () => {
    const given = answer(503, 2000)
    expect(await given.text()).toBe('')
    expect((await given.arrayBuffer()).byteLength).toBe(0)
    expect((await given.bytes()).length).toBe(0)
    expect((await given.blob()).size).toBe(0)
    await expect(given.json()).rejects.toThrow(SyntaxError)
    await expect(given.formData()).rejects.toThrow(TypeError)
    for (const copy of [given.clone(), new Response(given.body, given)]) {
      expect(copy.status).toBe(503)
      expect(copy.headers.get('retry-after')).toBe('2')
    }
  })

  it('is nobody else’s: neither a mark on it nor a header set in it is in another', () => {
    const first = answer(503, NaN)
    Object.defineProperty(first, 'mark', { value: true })
    expect(() => first.headers.set('x', 'y')).toThrow(TypeError)
    expect('mark' in answer(503, NaN)).toBe(false)
    answer(503, 1000).headers.set('x', 'y')
    expect(answer(503, 1000).headers.has('x')).toBe(false)
  })
})
