import type { Forked } from '../process/forked.ts'

/** Below what systems hand out by themselves: a dial to a closed port from that range may meet itself. */
const range = { from: 10_000, count: 20_000 }

/** Lets a server listen at a port that is free. */
export async function listenSomewhere(server: Forked): Promise<number> {
  for (;;) {
    const port = range.from + Math.floor(Math.random() * range.count)
    if ((await server.ask<string>(port)) === 'listening') return port
  }
}

/** Lets a server listen where another has. @throws when that port is taken */
export async function listenAgain(server: Forked, port: number): Promise<void> {
  const answer = await server.ask<string>(port)
  if (answer !== 'listening') throw new Error(`herd-sockets: ${answer}`)
}
