import { Forked } from '../process/forked.ts'

/** What the server has seen since it started. */
export interface ServerCounts {
  requests: number
  connections: number
}

/** A server on loopback, as seen from outside. */
export interface BenchServer {
  readonly url: string
  /** Its requests, then its connections. */
  counts(): Promise<readonly [requests: number, connections: number]>
  stop(): Promise<void>
}

/** Starts the server in a process of its own, so that a client's CPU time is only the client's. */
export async function startServer(): Promise<BenchServer> {
  const server = new Forked(new URL('./server-process.ts', import.meta.url), ['server'])
  const port = await server.next<number>()
  return {
    url: `http://127.0.0.1:${port}`,
    async counts() {
      const { requests, connections } = await server.ask<ServerCounts>('counts')
      return [requests, connections]
    },
    stop: () => server.stop(),
  }
}
