import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

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
  const child = fork(fileURLToPath(new URL('./server-process.ts', import.meta.url)))
  const [port] = (await once(child, 'message')) as [number]
  return {
    url: `http://127.0.0.1:${port}`,
    async counts() {
      const answer = once(child, 'message')
      child.send('counts')
      const [{ requests, connections }] = (await answer) as [ServerCounts]
      return [requests, connections]
    },
    async stop() {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}
