import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { startServer } from '../server.ts'

const program = fileURLToPath(new URL('./unref-process.ts', import.meta.url))

/** What a process prints that does this with a socket, and is left to end by itself. */
async function run(way: string, isRefused = false): Promise<unknown> {
  const server = await startServer()
  onTestFinished(() => server.close())
  if (isRefused) server.refuse(500)
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@evenkeel/source', program, way, server.url],
    { timeout: 60_000, env: { ...process.env, NODE_OPTIONS: '' } },
  )
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

const channel = ['MessagePort']
const both = ['MessagePort', 'TCPSocketWrap']
const line = ['TCPSocketWrap']

it('a process ends after unref() with the shared connection open, and not after ref()', async () => {
  expect(await run('one tab')).toEqual([[true, both, [], both, []]])
})

it('so it does with a tab in each of two threads, of which one has the connection', async () => {
  expect(await run('threads')).toEqual([
    [false, channel, [], channel, []],
    [true, both, [], both, []],
  ])
})

it('so it does where there is nothing to share by', async () => {
  expect(await run('alone')).toEqual([[true, line, [], line, []]])
})

it('a process ends after unref() while the shared socket waits for its next dial', async () => {
  expect(await run('waiting', true)).toEqual([0])
})
