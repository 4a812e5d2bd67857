import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixedIds } from '@evenkeel/mock-discord'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright'
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest'
import { type Chat, startChat } from '../../server/start-chat.ts'
import { Visitor } from './visitor.ts'

/** A request as the server saw it end. */
export interface Served {
  readonly method: string
  readonly path: string
  readonly credential: string
  readonly status: number | 'dropped' | 'gone'
  readonly beganAtMs: number
  readonly endedAtMs: number
}

/** As for the other tests in Chromium. */
const launch = {
  executablePath: process.env.EVENKEEL_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
}

/** The chat as it is built, and a browser: one for all tests of a file. */
export function chatWorld() {
  let chat: Chat
  let browser: Browser
  let outDir: string
  const served: Served[] = []

  beforeAll(async () => {
    outDir = await mkdtemp(join(tmpdir(), 'evenkeel-chat-'))
    chat = await startChat({ outDir, heartbeatIntervalMs: 1000 })
    const { machinery } = chat.mock
    const observe = machinery.observe.bind(machinery)
    machinery.observe = (request, outcome) => {
      const { method, path, credential } = request
      const { status, durationMs } = outcome
      const endedAtMs = Date.now()
      served.push({
        method,
        path,
        credential,
        status,
        beganAtMs: endedAtMs - durationMs,
        endedAtMs,
      })
      observe(request, outcome)
    }
    browser = await chromium.launch(launch)
  }, 120_000)

  beforeEach(() => chat.mock.machinery.reset())

  afterAll(async () => {
    await browser?.close()
    await chat?.close()
    await rm(outDir, { recursive: true, force: true })
  })

  const channel = fixedIds.firstChannel
  return {
    channel,
    served,
    get mock() {
      return chat.mock
    },
    /** A browser of its own, with nothing in it; gone after the test. */
    async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        ...options,
      })
      onTestFinished(() => context.close())
      return context
    },
    /** Of the page. */
    get url() {
      return chat.url
    },
    /** Somebody who has come aboard, and whose connection is open. */
    async visitor(name: string, context?: BrowserContext): Promise<Visitor> {
      const page = await (context ?? (await this.context())).newPage()
      const visitor = new Visitor(page, name)
      await visitor.enter(chat.url)
      return visitor
    },
    /** Somebody posts by the API alone. */
    async post(content: string): Promise<void> {
      await fetch(`${chat.mock.apiUrl}/v10/channels/${channel}/messages`, {
        method: 'POST',
        headers: { authorization: 'Bot Grace', 'content-type': 'application/json' },
        body: JSON.stringify({ content }),
      })
    },
    /** How often the server has a message. */
    countOf: (content: string): number =>
      chat.mock.store
        .messages(channel)
        .all()
        .filter(({ data }) => data.content === content).length,
    /** What came of the messages that somebody posted. */
    postsOf: (name: string): Served[] =>
      served.filter(
        ({ method, path, credential }) =>
          method === 'POST' && path.endsWith('/messages') && credential === `Bot ${name}`,
      ),
  }
}
