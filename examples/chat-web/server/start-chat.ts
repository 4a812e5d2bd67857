import { type Incident, startIncident } from '@evenkeel/mock-discord'
import { signOn } from './crew.ts'
import { type PageOptions, type ServedPage, servePage } from './serve-page.ts'

/** A chat that runs: the server it talks to, and its page. */
export interface Chat {
  /** Of the page. */
  readonly url: string
  readonly mock: Incident
  close(): Promise<void>
}

export type ChatOptions = Omit<PageOptions, 'config'> & {
  /** How often clients show that they are alive, in ms. @defaultValue 4000: a dead line is noticed while somebody watches */
  readonly heartbeatIntervalMs?: number | undefined
}

/**
 * Starts the mock, and the page on another port: two origins, as `app.example.com` and
 * `api.example.com` are. The mock answers preflights, and its failures can be read across origins,
 * too; and the page can be loaded while nothing listens at the API.
 */
export async function startChat({
  heartbeatIntervalMs = 4000,
  ...options
}: ChatOptions = {}): Promise<Chat> {
  const mock = await startIncident({
    preset: 'bounded',
    store: { textChannels: 1 },
    // A page that is loaded again begins a session again: people do that more than once in 5 s.
    sockets: { heartbeatIntervalMs, identifyWindowMs: 0 },
  })
  let page: ServedPage
  try {
    await signOn(mock)
    page = await servePage({
      ...options,
      config: { serverUrl: mock.url, isLive: options.isLive ?? false },
    })
  } catch (error) {
    await mock.close()
    throw error
  }
  return {
    url: page.url,
    mock,
    async close() {
      await page.close()
      await mock.close()
    },
  }
}
