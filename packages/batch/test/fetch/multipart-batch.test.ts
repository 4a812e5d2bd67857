import { describe, expect, it } from 'vitest'
import { batchFetch, multipartBatch } from '../../src/fetch.ts'
import { ending } from '../world.ts'

const endpoint = 'https://api.example.com/batch'
const at = (path: string): string => `https://api.example.com${path}`

describe('multipart batches', () => {
  /** Answers as Google does: a part of HTTP for each, named by its Content-ID. */
  const google: typeof globalThis.fetch = async (_input, init) => {
    const type = new Headers(init?.headers).get('content-type') ?? ''
    const boundary = type.split('boundary=')[1] as string
    const parts = String(init?.body).split(`--${boundary}`).slice(1, -1)
    const answers = parts.map((part) => {
      const id = /Content-ID: <(\d+)>/.exec(part)?.[1]
      const [, path] = /\r\n\r\n\w+ (\S+) HTTP\/1.1/.exec(part) ?? []
      const body = path === '/gone' ? '' : `asked ${path}\r\n\r\nlast line`
      const status = path === '/gone' ? '204 No Content' : '200 OK'
      return (
        `--answer\r\nContent-Type: application/http\r\nContent-ID: <response-${id}>\r\n\r\n` +
        `HTTP/1.1 ${status}\r\nX-Path: ${path}\r\nnonsense\r\n\r\n${body}\r\n`
      )
    })
    return new Response(`preamble\r\n${answers.reverse().join('')}--answer--\r\nepilogue`, {
      headers: { 'content-type': 'multipart/mixed; boundary="answer"' },
    })
  }

  it('carry a request and a response in each part', async () => {
    const send = batchFetch({ endpoint, codec: multipartBatch(), fetch: google })
    const [first, second] = await Promise.all([send(at('/a')), send(at('/gone'))])
    expect([first?.headers.get('x-path'), await first?.text()]).toEqual([
      '/a',
      'asked /a\r\n\r\nlast line',
    ])
    expect([second?.status, await second?.text()]).toEqual([204, ''])
  })

  it('have a boundary that stands in no body', () => {
    const codec = multipartBatch({ boundary: 'x' })
    const { headers, body } = codec.encode([
      {
        method: 'POST',
        url: new URL(at('/a')),
        headers: new Headers({ a: 'b' }),
        body: '--x --x-1',
      },
    ])
    expect(headers['content-type']).toBe('multipart/mixed; boundary=x-2')
    expect(body).toBe(
      '--x-2\r\nContent-Type: application/http\r\nContent-ID: <0>\r\n\r\nPOST /a HTTP/1.1\r\na: b\r\n\r\n--x --x-1\r\n--x-2--\r\n',
    )
  })

  it('are read in order where nothing names a part, and with bare line feeds', async () => {
    const body = ['', '200 OK', '404 Not Found']
      .slice(1)
      .map((status) => `--b\nContent-Type: application/http\n\nHTTP/1.1 ${status}\n\nbody\n`)
    const send = batchFetch({
      endpoint,
      codec: multipartBatch(),
      fetch: async () =>
        new Response(`${body.join('')}--b--`, {
          headers: { 'content-type': 'multipart/mixed;boundary=b' },
        }),
    })
    const responses = await Promise.all([send(at('/a')), send(at('/b'))])
    expect(responses.map(({ status }) => status)).toEqual([200, 404])
    expect(await responses[0]?.text()).toBe('body')
  })

  it.each([
    ['no boundary', 'multipart/mixed', '--b\r\n'],
    ['no parts', 'multipart/mixed; boundary=b', 'nothing'],
    [
      'a part that is no HTTP',
      'multipart/mixed; boundary=b',
      '--b\r\nA: b\r\n\r\nnonsense\r\n--b--',
    ],
    ['a part without a head', 'multipart/mixed; boundary=b', '--b\r\n\r\nHTTP/2 99 no\r\n--b--'],
    [
      'a boundary of another parameter',
      'multipart/mixed; x-boundary=b',
      '--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n--b--',
    ],
    ['a part without an end', 'multipart/mixed; boundary=b', '--b\r\nHTTP/1.1 200 OK\r\n--b--'],
  ])('with %s are no answer', async (_name, type, body) => {
    const send = batchFetch({
      endpoint,
      codec: multipartBatch(),
      fetch: async () => new Response(body, { headers: { 'content-type': type } }),
    })
    expect(await ending(send(at('/a')))).toMatchObject({
      error: { code: 'BATCH_RESPONSE_MALFORMED' },
    })
  })

  /** What comes of requests for /0, /1, … when the answer is such bytes. */
  const answered = async (count: number, body: BodyInit, boundary = 'b') => {
    const send = batchFetch({
      endpoint,
      codec: multipartBatch(),
      fetch: async () =>
        new Response(body, {
          headers: { 'content-type': `multipart/mixed; charset=x; boundary=${boundary}` },
        }),
    })
    const calls = Array.from({ length: count }, (_, place) => ending(send(at(`/${place}`))))
    return (await Promise.all(calls)) as { value: Response; error: unknown }[]
  }
  const part = (id: string, body: string): string =>
    `--b\r\nContent-ID: ${id}\r\n\r\nHTTP/1.1 200\r\n\r\n${body}\r\n`

  it('keep each byte of a body: line feeds, and what is no text', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const head = new TextEncoder().encode('--b\n\nHTTP/1.1 200\n\n')
    const [first, second] = await answered(
      2,
      new Blob([head, bytes, `\n${part('<1>', 'a\nb\r\nc')}--b--`]),
    )
    expect(new Uint8Array((await first?.value.arrayBuffer()) as ArrayBuffer)).toEqual(bytes)
    expect(await second?.value.text()).toBe('a\nb\r\nc')
  })

  it('may have odd boundaries, blanks after them, and others that begin alike within', async () => {
    const body = "--(a+b).c' \t\r\n\r\nHTTP/1.1 200 OK\r\n\r\n--(a+b).c'-inner\r\n--(a+b).c'--"
    const [only] = await answered(1, body, `"(a+b).c'"`)
    expect(await only?.value.text()).toBe("--(a+b).c'-inner")
  })

  it('go on with a header in the next line', async () => {
    const body =
      '--b\r\n\r\nHTTP/1.1 429\r\nRetry-After:\r\n  7\r\nX-Long: a\r\n\tb: c\r\n\r\n\r\n--b--'
    const [only] = await answered(1, body)
    expect(only?.value.status).toBe(429)
    expect(Object.fromEntries(only?.value.headers ?? [])).toEqual({
      'retry-after': '7',
      'x-long': 'a b: c',
    })
  })

  it('that end too soon fail the last part, and what did not come', async () => {
    const body = part('<0>', 'whole') + part('<1>', 'ha')
    const [first, second, third] = await answered(3, body)
    expect(await first?.value.text()).toBe('whole')
    expect(second).toMatchObject({ error: { code: 'BATCH_RESPONSE_MALFORMED' } })
    expect(third).toMatchObject({ error: { code: 'BATCH_RESULT_MISSING' } })
  })

  it('that name a request twice, or somebody else’s, fail those requests alone', async () => {
    const body = `${part('<response-1>', 'a')}${part('0', 'b')}${part('<1>', 'c')}${part('<7>', 'd')}--b--`
    const [first, second, third] = await answered(3, body)
    expect(await first?.value.text()).toBe('b')
    expect(second).toMatchObject({ error: { code: 'BATCH_RESULT_AMBIGUOUS' } })
    expect(third).toMatchObject({ error: { code: 'BATCH_RESULT_MISSING' } })
  })

  it('with fewer parts than requests, and no names, are nobody’s answer', async () => {
    const unnamed = '--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\nwhose?\r\n'
    for (const each of await answered(3, `${unnamed}${unnamed}--b--`))
      expect(each).toMatchObject({ error: { code: 'BATCH_RESULT_MISSING' } })
  })
})
