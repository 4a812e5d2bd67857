import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '@evenkeel/core/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'

const entries = 300
const kills = 25
const child = fileURLToPath(new URL('./sigkill-child.ts', import.meta.url))

/** How often the server applied each entry, by id: a key it knows not again, what has none each time. */
const applied = new Map<string, number>()
const keys = new Set<string>()
const figures = { requests: 0, replays: 0 }
let onRequest = (): void => {}

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  figures.requests++
  const key = String(request.headers['idempotency-key'])
  const [id = ''] = body.split(' ')
  if (keys.has(key)) figures.replays++
  else {
    if (key !== '') keys.add(key)
    applied.set(id, (applied.get(id) ?? 0) + 1)
  }
  onRequest()
  response.end()
})

let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-sigkill-'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

/** Runs the process from an entry on, until it is done, or was killed after so many signs of life. */
async function runChild(from: number, killAfter: number) {
  const { port } = server.address() as AddressInfo
  const args = [join(folder, 'outbox'), `http://127.0.0.1:${port}`, String(from), String(entries)]
  const process: ChildProcess = spawn(
    'node',
    ['--conditions=@evenkeel/source', '--disable-warning=ExperimentalWarning', child, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const promised: [id: string, number: number][] = []
  const reported: string[] = []
  let signs = 0
  let isDone = false
  const live = (): void => {
    if (++signs === killAfter) process.kill('SIGKILL')
  }
  onRequest = live
  createInterface({ input: process.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    const [verb, id = '', number] = line.split(' ')
    if (verb === 'promised') promised.push([id, Number(number)])
    if (verb === 'failed') reported.push(id)
    if (verb === 'done') isDone = true
    live()
  })
  const [, signal] = await once(process, 'close')
  return { promised, reported, isDone, wasKilled: signal === 'SIGKILL' }
}

it(`${entries} entries in a file outlast ${kills} SIGKILLs: none is lost, none applied twice`, async () => {
  const random = seededRandom(20_220_125)
  const promised = new Map<string, number>()
  const reported = new Set<string>()
  let killed = 0
  for (let isDone = false; !isDone; ) {
    const from = Math.max(-1, ...promised.values()) + 1
    const killAfter = killed < kills ? 1 + Math.floor(random() * 20) : Infinity
    const outcome = await runChild(from, killAfter)
    for (const [id, number] of outcome.promised) promised.set(id, number)
    for (const id of outcome.reported) reported.add(id)
    if (outcome.wasKilled) killed++
    isDone = outcome.isDone
  }
  const lost = [...promised.keys()].filter((id) => !applied.has(id) && !reported.has(id))
  const doubled = [...applied].filter(([, times]) => times > 1)
  console.info(
    `${promised.size} entries, ${killed} SIGKILLs: ${figures.requests} requests of which ` +
      `${figures.replays} known by their key, ${reported.size} without a key reported, ` +
      `${lost.length} lost, ${doubled.length} applied twice`,
  )
  expect({ killed, lost, doubled }).toEqual({ killed: kills, lost: [], doubled: [] })
  expect(promised.size).toBe(entries)
})
