import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import puppeteer, { type Browser } from 'puppeteer-core'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'

/** The socket as it goes into a page. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'evenkeel',
    platform: 'browser',
    conditions: ['@evenkeel/source'],
  })
  return outputFiles[0]?.text ?? ''
}

const script = `
  const { heartbeat, resilientSocket } = evenkeel
  globalThis.seen = []
  for (const type of ['pageshow', 'pagehide', 'online', 'offline'])
    addEventListener(type, ({ persisted }) => seen.push(persisted ? type + ' persisted' : type))
  for (const type of ['freeze', 'resume']) document.addEventListener(type, () => seen.push(type))
  document.addEventListener('visibilitychange', () => seen.push(document.visibilityState))
  globalThis.socket = resilientSocket('ws://' + location.host, {
    // A third of the default: the limit of a test must hold on a slow machine as well.
    heartbeat: heartbeat({ message: 'beat', leastTimeoutMs: 1000 }),
  })
  for (const type of ['opened', 'disconnected']) socket.on(type, () => seen.push(type))`

/** A server with one page, which has a socket; it counts dials, and makes lines misbehave. */
async function serve() {
  const code = await bundled()
  const http = createServer(({ url }, response) => {
    response.setHeader('content-type', 'text/html')
    const body =
      url === '/' ? `<script>${code.replaceAll('</script', '<\\/script')};${script}</script>` : ''
    response.end(`<!doctype html><title>${url}</title>${body}`)
  })
  const dialledAtMs: number[] = []
  const clients: WebSocket[] = []
  const deaf = new Set<WebSocket>()
  new WebSocketServer({ server: http }).on('connection', (client) => {
    dialledAtMs.push(performance.now())
    clients.push(client)
    client.on('message', (data) => {
      if (!deaf.has(client)) client.send(String(data))
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    for (const client of clients) client.terminate()
    http.close()
    http.closeAllConnections()
  })
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    dialledAtMs,
    /** The line breaks. */
    cut: () => clients.at(-1)?.terminate(),
    /** The line stays, and nothing comes back on it. */
    deafen: () => void deaf.add(clients.at(-1) as WebSocket),
  }
}

/** Opens the page in `browser`, and waits until its connection is open. */
export async function wakePage(browser: Browser) {
  const server = await serve()
  const context = await browser.createBrowserContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.goto(server.url)
  const isOpen = () => page.waitForFunction("socket.state === 'open'", { polling: 50 })
  await isOpen()
  const cdp = await page.createCDPSession()
  return {
    ...server,
    page,
    context,
    cdp,
    /** What the page has met, in order. */
    seen: () => page.evaluate('seen') as Promise<string[]>,
    /** Has it back after `wake`: how long that took, and how many dials, once a message has gone there and back. */
    async back(wake: () => Promise<unknown>): Promise<{ tookMs: number; dials: number }> {
      const before = server.dialledAtMs.length
      const wokenAtMs = performance.now()
      await wake()
      await poll(() => server.dialledAtMs.length > before)
      await isOpen()
      await page.evaluate(
        "new Promise((resolve) => { socket.on('message', ({ data }) => data === 'there' && resolve()); socket.send('there') })",
      )
      const tookMs = (server.dialledAtMs[before] as number) - wokenAtMs
      return { tookMs, dials: server.dialledAtMs.length - before }
    },
  }
}

/** Waits for what comes by a socket. */
async function poll(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Chromium as users have it: tabs can be hidden, and pages go into the back/forward cache. */
export function launchChromium(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: process.env.EVENKEEL_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    ignoreDefaultArgs: [
      '--disable-back-forward-cache',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      '--disable-background-timer-throttling',
    ],
  })
}

export type WakePage = Awaited<ReturnType<typeof wakePage>>
