import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { ShapedPipe } from './shaped-pipe.ts'
import { handshakeMs, type NetworkShape } from './tcp-path.ts'

/** A network between a client and a server on this machine, as bad as a test needs it. */
export interface ShapingProxy extends AsyncDisposable {
  readonly port: number
  /** Connections made so far. */
  readonly connections: number
  /** Changes the network, for what is sent from now on. */
  shape(changes: Partial<NetworkShape>): void
  /** Breaks all connections with a TCP reset. */
  reset(): void
  /** Leaves all connections half-open: nothing comes through any more, and nobody is told. */
  silence(): void
  close(): Promise<void>
}

const perfect: NetworkShape = { latencyMs: 0, lossRatio: 0, bytesPerSecond: Infinity }

/** Starts a TCP proxy in front of a port of this machine. */
export async function shapingProxy(
  targetPort: number,
  initial: Partial<NetworkShape> = {},
  random: () => number = Math.random,
): Promise<ShapingProxy> {
  let current: NetworkShape = { ...perfect, ...initial }
  let connections = 0
  const sockets = new Set<Socket>()
  const pipes = new Set<ShapedPipe>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    connections++
    const upstream = connect({
      port: targetPort,
      host: '127.0.0.1',
      allowHalfOpen: true,
      noDelay: true,
    })
    // The kernel has answered the client already, so its first bytes wait for the handshake.
    const readyMs = performance.now() + handshakeMs(current, random)
    const shape = (): NetworkShape => current
    const both = [
      new ShapedPipe(client, upstream, shape, random, readyMs),
      new ShapedPipe(upstream, client, shape, random, readyMs),
    ]
    for (const pipe of both) pipes.add(pipe)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => {
        sockets.delete(socket)
        if (!client.destroyed || !upstream.destroyed) return
        for (const pipe of both) {
          pipe.stop()
          pipes.delete(pipe)
        }
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  async function close(): Promise<void> {
    server.close()
    for (const pipe of pipes) pipe.stop()
    for (const socket of sockets) socket.destroy()
    await once(server, 'close')
  }
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
    shape(changes) {
      current = { ...current, ...changes }
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    silence() {
      for (const pipe of pipes) pipe.silence()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
