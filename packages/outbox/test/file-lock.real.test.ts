import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileStore } from '../src/file.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-lock-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What another thread of this process gets to read. */
async function readInThread(path: string): Promise<unknown> {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads')
    import(workerData.module).then(async ({ fileStore }) => {
      const store = fileStore(workerData.path)
      const answer = await store.read().then(({ length }) => length, ({ code }) => code)
      await store.close()
      parentPort.postMessage(answer)
    })`
  const thread = new Worker(source, {
    eval: true,
    execArgv: ['--conditions=@evenkeel/source', '--disable-warning=ExperimentalWarning'],
    workerData: { module: new URL('../src/file.ts', import.meta.url).href, path },
  })
  const [answer] = await once(thread, 'message')
  await thread.terminate()
  return answer
}

it('a file that one thread of a process has is locked for the others', async () => {
  const path = join(folder, 'outbox')
  const store = fileStore(path)
  expect(await store.read()).toEqual([])
  expect(await readInThread(path)).toBe('STORE_LOCKED')
  await store.close()
  expect(await readInThread(path)).toBe(0)
})
