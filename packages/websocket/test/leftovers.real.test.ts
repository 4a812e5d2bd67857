import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startServer } from './server.ts'

const program = fileURLToPath(new URL('./leftovers-process.ts', import.meta.url))

it.each(['ws', 'undici'])(
  'close() leaves nothing of 80 sockets over %s that were used, dropped and rotated: not here, and not on the server',
  async (inner) => {
    const server = await startServer()
    onTestFinished(() => server.close())
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@evenkeel/source', program, inner, server.url],
      { timeout: 90_000, env: { ...process.env, NODE_OPTIONS: '' } },
    )
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      resources: [],
      timers: [],
      signal: 0,
      view: 0,
      page: 0,
      channels: [],
      locks: 0,
      wereCounted: true,
    })
    expect(server.clients.length).toBeGreaterThan(80)
    await vi.waitUntil(() => server.clients.every(({ readyState }) => readyState === 3), 30_000)
  },
)
