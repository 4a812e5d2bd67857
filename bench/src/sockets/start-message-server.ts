import { Forked } from '../process/forked.ts'

/** A server of messages, as seen from outside. */
export interface MessageServer {
  readonly url: string
  stop(): Promise<void>
}

/** Starts one in a process of its own, so that a client's CPU time is only the client's. */
export async function startMessageServer(): Promise<MessageServer> {
  const server = new Forked(new URL('./message-server-process.ts', import.meta.url), ['messages'])
  const port = await server.next<number>()
  return { url: `ws://127.0.0.1:${port}`, stop: () => server.stop() }
}
