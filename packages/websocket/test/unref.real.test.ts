import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer } from './server.ts'

const program = fileURLToPath(new URL('./unref-process.ts', import.meta.url))

/** What a process prints that does this with a socket, and is left to end by itself. */
async function run(inner: string, way: string, refusals = 0): Promise<unknown> {
  const server = await startServer()
  onTestFinished(() => server.close())
  server.refuseBy(() => (server.handshakes <= refusals ? 500 : undefined))
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@evenkeel/source', program, inner, way, server.url],
    { timeout: 60_000, env: { ...process.env, NODE_OPTIONS: '' } },
  )
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

describe.each(['ws', 'undici', 'the platform'])('a process with a socket over %s', (inner) => {
  it('ends after unref() with the connection open, and not after ref()', async () => {
    expect(await run(inner, 'open')).toEqual([[], ['TCPSocketWrap'], 'open'])
  })

  it('ends when a socket opens that was unref’d before', async () => {
    expect(await run(inner, 'before')).toEqual(['open'])
  })

  it('ends with one of the drop-in class', async () => {
    expect(await run(inner, 'drop-in')).toEqual(['closed'])
  })

  it('ends after unref() while it waits for its next dial', async () => {
    expect(await run(inner, 'waiting', Infinity)).toEqual(['waiting'])
  })

  it('lives through its waits without unref()', async () => {
    expect(await run(inner, 'refused', 2)).toEqual(['closed'])
  })

  it('lives while a URL is waited for', async () => {
    expect(await run(inner, 'hung')).toEqual(['closed'])
  })
})
