// Preloaded into every fence that runs: the network of the documentation, and the
// checks of its `// →` comments.
//
//   https://api.example.com      answers 200 and a little JSON
//   https://flaky.example.com    503 to the first request for a path, then 200
//   https://busy.example.com     429 with Retry-After: 1 to the first, then 200
//   https://down.example.com     always 503
//   https://offline.example.com  refuses the connection
//   https://slow.example.com     never answers
//
// discord.com and api.github.com answer like api.example.com, loopback addresses
// are really asked, and any other host fails the fence.
import process from 'node:process'
import { format } from 'node:util'
import { isShown, waysToThrow, waysToWrite } from './shown.mjs'

const realFetch = globalThis.fetch
/** @type {Map<string, number>} */
const asked = new Map()

/** @type {(url: URL) => string | undefined} */
function role({ hostname }) {
  if (/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)) return 'loopback'
  if (hostname === 'discord.com' || hostname === 'api.github.com') return 'api'
  const match = /^(?:(\w+)\.)?example\.(?:com|org|net)$/.exec(hostname)
  return match ? (match[1] ?? 'api') : undefined
}

/** @type {(request: Request) => Promise<Response>} */
async function answer(request) {
  const url = new URL(request.url)
  const id = `${request.method} ${url.hostname}${url.pathname}`
  const count = (asked.get(id) ?? 0) + 1
  asked.set(id, count)
  const part = role(url)
  if (part === 'offline')
    throw new TypeError('fetch failed', {
      cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    })
  if (part === 'slow')
    return new Promise(() => {
      // An open connection keeps a process alive.
      const held = setInterval(() => {}, 1000)
      request.signal.addEventListener('abort', () => clearInterval(held), { once: true })
    })
  if (part === 'down' || (part === 'flaky' && count === 1))
    return new Response('unavailable', { status: 503 })
  if (part === 'busy' && count === 1)
    return new Response('slow down', { status: 429, headers: { 'retry-after': '1' } })
  const sent = await request.text()
  return Response.json({ id: '1', name: 'example', ok: true, path: url.pathname, sent })
}

globalThis.fetch = async (
  /** @type {RequestInfo | URL} */ input,
  /** @type {RequestInit=} */ init,
) => {
  const request = new Request(input, init)
  const part = role(new URL(request.url))
  if (part === 'loopback') return realFetch(request)
  if (!part) {
    fail(`asked ${request.url}: a fence may ask example.com and loopback only`)
    throw new TypeError('fetch failed')
  }
  const { signal } = request
  signal.throwIfAborted()
  const aborted = new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return /** @type {Promise<Response>} */ (Promise.race([answer(request), aborted]))
}

let failed = false
/** @type {(message: string) => void} */
function fail(message) {
  failed = true
  process.stderr.write(`${message}\n`)
}

/** @type {Array<{ line: number, text: string, printed: boolean }>} */
const expectations = JSON.parse(process.env.EVENKEEL_EXPECTATIONS ?? '[]')
/** @type {string[][]} */
const seen = expectations.map(() => [])
const met = new Set()

/** @type {(id: number, ways: string[]) => void} */
function see(id, ways) {
  seen[id]?.push(ways[0] ?? '')
  if (isShown(expectations[id]?.text ?? '', ways)) met.add(id)
}

Object.assign(globalThis, {
  __shown: {
    /** @type {(id: number, value: unknown) => unknown} */
    value(id, value) {
      see(id, waysToWrite(value))
      return value
    },
    /** @type {(id: number) => (...args: unknown[]) => void} */
    log:
      (id) =>
      (...args) => {
        see(id, args.length === 1 ? waysToWrite(args[0]) : [format(...args)])
        console.log(...args)
      },
    /** @type {(id: number, action: () => Promise<unknown>) => Promise<void>} */
    async throws(id, action) {
      await action().then(
        (value) => see(id, [`no error but ${format(value)}`]),
        (error) => see(id, waysToThrow(error)),
      )
    },
  },
})

process.on('exit', (code) => {
  for (const [id, { line, text, printed }] of expectations.entries()) {
    if (printed || met.has(id) || code !== 0) continue
    const got = seen[id]?.map((way) => `"${way}"`).join(', ') || 'nothing: the line was not reached'
    fail(`line ${line}: expected "${text}", got ${got}`)
  }
  if (failed) process.exitCode = 1
})
