import { expect, it, vi } from 'vitest'
import { runSocketHerd } from '../src/herd-sockets/run-socket-herd.ts'
import { socketContenders } from '../src/herd-sockets/socket-contenders.ts'

it.each(socketContenders)(
  '$name dials a server that was killed, and all its clients are back',
  async (contender) => {
    // Its processes read the packages' sources, as this one does.
    vi.stubEnv('NODE_OPTIONS', '--conditions=@evenkeel/source')
    const herd = { clients: 20, downMs: 500, watchedMs: 60_000 }
    const { opensAtMs, back } = await runSocketHerd(contender, herd)
    vi.unstubAllEnvs()
    expect(back).toBe(20)
    expect(opensAtMs).toHaveLength(20)
  },
)
