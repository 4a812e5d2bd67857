import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { seededRandom } from '@evenkeel/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileStore } from '../src/file.ts'
import type { OutboxEntry, OutboxStore, StoreChange } from '../src/index.ts'
import { storeConformance } from '../src/testing/index.ts'
import { FakeDisk } from './fake-disk.ts'
import { world } from './world.ts'

let folder = ''
let files = 0
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-outbox-'))
})
afterAll(() => rmSync(folder, { recursive: true }))
const freshPath = () => join(folder, `outbox-${++files}`)

/** A change in brief: the store does not look into entries. */
const put = (id: string, revision = 0, payload: unknown = id): StoreChange => ({
  id,
  revision,
  entry: { id, revision: revision + 1, payload } as OutboxEntry,
})
const idsIn = async (store: OutboxStore) => (await store.read()).map(([id]) => id)

describe('a file store', () => {
  const checks = storeConformance(() => {
    const path = freshPath()
    return { open: () => fileStore(path) }
  })
  for (const { name, run } of checks) it(name, run)

  it('carries an outbox over processes', async () => {
    const path = freshPath()
    const first = world({ store: fileStore(path) })
    first.signals.online = false
    await first.outbox.enqueue('a')
    await first.outbox.enqueue('b')
    await first.outbox.close()
    const second = world({ store: fileStore(path), clock: first.clock })
    expect(await second.waiting()).toEqual(['a', 'b'])
    await second.outbox.close()
  })

  it('has one process at a time', async () => {
    const path = freshPath()
    const [first, second] = [fileStore(path), fileStore(path)]
    await first.read()
    await expect(second.read()).rejects.toMatchObject({ code: 'STORE_LOCKED' })
    await first.close()
    expect(await second.read()).toEqual([])
    await second.close()
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('takes over from a process that is gone, or had the same number', async () => {
    for (const pid of [2 ** 30, process.pid]) {
      const path = freshPath()
      writeFileSync(`${path}.lock`, String(pid))
      const store = fileStore(path)
      expect(await store.read()).toEqual([])
      expect(readFileSync(`${path}.lock`, 'utf8')).toMatch(`${process.pid} `)
      await store.close()
    }
  })

  it('has one of those who spell its path in different ways', async () => {
    const path = freshPath()
    const link = `${path}-link`
    symlinkSync(folder, link)
    const first = fileStore(relative('.', path))
    await first.read()
    for (const other of [path, `${folder}/./${basename(path)}`, `${link}/${basename(path)}`])
      await expect(fileStore(other).read()).rejects.toMatchObject({ code: 'STORE_LOCKED' })
    await first.close()
    unlinkSync(link)
  })

  it('keeps its place when the process goes to another folder', async () => {
    const path = freshPath()
    const store = fileStore(relative('.', path))
    const before = process.cwd()
    process.chdir(import.meta.dirname)
    try {
      await store.write([put('a')])
    } finally {
      process.chdir(before)
    }
    await store.close()
    expect(existsSync(path)).toBe(true)
  })

  it('leaves alone what a process that runs holds, though it is another user’s', async () => {
    const path = freshPath()
    writeFileSync(`${path}.lock`, '1')
    await expect(fileStore(path).read()).rejects.toThrow('Process 1 has it')
  })

  it('refuses a file of a later version, or of somebody else, and leaves it as it is', async () => {
    for (const text of ['evenkeel outbox 2\nwhatever\n', '{"not":"ours"}\n']) {
      const path = freshPath()
      writeFileSync(path, text)
      const store = fileStore(path)
      await expect(store.read()).rejects.toMatchObject({ code: 'STORE_VERSION' })
      await expect(store.write([put('a')])).rejects.toMatchObject({ code: 'STORE_VERSION' })
      await store.close()
      expect(readFileSync(path, 'utf8')).toBe(text)
    }
  })

  it('forgets a line that was being written when the process ended', async () => {
    const path = freshPath()
    const first = fileStore(path)
    await first.write([put('a')])
    await first.close()
    const whole = readFileSync(path, 'utf8')
    for (const torn of ['0', '01234567 [["b",', 'evenkeel']) {
      writeFileSync(path, whole + torn)
      const second = fileStore(path)
      expect(await idsIn(second)).toEqual(['a'])
      await second.close()
      expect(readFileSync(path, 'utf8')).toBe(whole)
    }
  })

  it('begins anew when the process ended within the first line', async () => {
    for (const torn of ['', 'even', 'evenkeel outbox 1']) {
      const path = freshPath()
      writeFileSync(path, torn)
      const store = fileStore(path)
      await store.write([put('a')])
      await store.close()
      const again = fileStore(path)
      expect(await idsIn(again)).toEqual(['a'])
      await again.close()
    }
  })

  it.each([
    ['a flipped bit', (line: string) => line.replace('"b"', '"B"')],
    ['no JSON', () => 'rubbish'],
    ['an empty line', () => ''],
  ])('has a line that cannot be read as it is, and the rest: %s', async (_what, spoil) => {
    const path = freshPath()
    const first = fileStore(path)
    for (const id of ['a', 'b', 'c']) await first.write([put(id)])
    await first.close()
    const lines = readFileSync(path, 'utf8').split('\n')
    lines[2] = spoil(lines[2] as string)
    writeFileSync(path, lines.join('\n'))

    const second = fileStore(path)
    const rows = await second.read()
    expect(rows.map(([id]) => id)).toEqual(['a', 'c', expect.stringMatching(/^line [0-9a-f]{8}$/)])
    expect(rows[2]?.[1]).toBe(lines[2])
    await second.close()

    const third = world({ store: fileStore(path) })
    await third.outbox.entries()
    expect(third.of('setAside').map(({ reason }) => reason)).toContain('corrupt')
    expect(await third.outbox.remove(rows[2]?.[0] as string)).toBe(true)
    await third.outbox.close()
    const fourth = fileStore(path)
    expect(await idsIn(fourth)).toEqual(['a', 'c'])
    await fourth.close()
  })

  it.each([
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['NaN', { at: Number.NaN }],
    ['a big number', 1n],
    ['a function', () => {}],
    ['nothing in a list', [undefined]],
    ['other bytes', new Float64Array(1)],
  ])('refuses what a file cannot hold, and stays as it was: %s', async (_what, payload) => {
    const store = fileStore(freshPath())
    await expect(store.write([put('a', 0, payload)])).rejects.toThrow('outbox: a file cannot hold')
    expect(await store.read()).toEqual([])
    await store.close()
  })

  it('refuses a cycle', async () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const store = fileStore(freshPath())
    await expect(store.write([put('a', 0, cycle)])).rejects.toThrow(TypeError)
    await store.close()
  })

  it('does not grow for ever: what counts is written anew', async () => {
    const path = freshPath()
    const store = fileStore(path)
    await store.write([put('kept', 0, { $: 'object', bytes: Uint8Array.of(1, 2) })])
    for (let revision = 0; revision < 1100; revision++) {
      const changed = store.write([put('changed', revision)])
      if (revision % 50 === 0) await changed
    }
    await store.read()
    await store.close()
    expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(200)
    expect(existsSync(`${path}.new`)).toBe(false)
    const again = fileStore(path)
    expect(await again.read()).toMatchObject([
      ['changed', { revision: 1100 }],
      ['kept', { payload: { $: 'object', bytes: Uint8Array.of(1, 2) } }],
    ])
    await again.close()
  })

  it('refuses what comes after close', async () => {
    const store = fileStore(freshPath())
    await store.close()
    await expect(store.read()).rejects.toMatchObject({ code: 'STORE_CLOSED' })
  })
})

/** What a store was told, and what of it was answered. */
interface Known {
  readonly answered: Map<string, number>
  readonly asked: Map<string, number>
}

/** Writes, until a call throws or the disk stops: three entries at a time, changed and mostly removed. */
async function useStore(
  store: OutboxStore,
  { answered, asked }: Known,
  rounds: number,
  first = 0,
): Promise<void> {
  const write = async (id: string, revision: number, isRemoval: boolean): Promise<void> => {
    asked.set(id, isRemoval ? 0 : revision + 1)
    const change = isRemoval ? { id, revision, entry: undefined } : put(id, revision)
    if (await store.write([change])) answered.set(id, isRemoval ? 0 : revision + 1)
    else throw new Error(`${id} was not at revision ${revision}`)
  }
  for (let round = first; round < first + rounds; round++) {
    const ids = ['a', 'b', 'c'].map((name) => `${name}${round}`)
    await Promise.all(ids.map((id) => write(id, 0, false)))
    await Promise.all([write(`a${round}`, 1, false), write(`b${round}`, 1, true)])
    await Promise.all([write(`a${round}`, 2, round % 3 > 0), write(`c${round}`, 1, true)])
  }
}

/** What is stored must be what was answered, or what was asked last but not answered yet. */
async function expectKept(store: OutboxStore, { answered, asked }: Known, point: number) {
  const stored = new Map(
    (await store.read()).map(([id, value]) => [id, (value as OutboxEntry).revision]),
  )
  for (const [id, last] of asked) {
    const allowed = [answered.get(id) ?? 0, last]
    expect({ point, id, allowed, isKept: allowed.includes(stored.get(id) ?? 0) }).toMatchObject({
      isKept: true,
    })
  }
  for (const id of stored.keys()) expect(asked.has(id)).toBe(true)
}

describe('a file store on a disk that fails', () => {
  const rounds = 12

  /** How many calls a run makes, in which the file is written anew more than once. */
  async function callsOf(): Promise<number> {
    const disk = new FakeDisk(seededRandom(1))
    const store = fileStore('/box/outbox', { fileSystem: disk.mount(), rewriteLines: 20 })
    await useStore(store, { answered: new Map(), asked: new Map() }, rounds)
    await store.close()
    expect(disk.calls).toBeGreaterThan(80)
    expect(disk.renames).toBeGreaterThan(1)
    return disk.calls
  }

  it('has all that was answered, whichever call the power fails at', async () => {
    const calls = await callsOf()
    for (let point = 1; point <= calls; point++) {
      const disk = new FakeDisk(seededRandom(point))
      const known: Known = { answered: new Map(), asked: new Map() }
      let stop = (): void => {}
      const isOut = new Promise<void>((resolve) => {
        stop = resolve
      })
      disk.onCall = (number) => {
        if (number < point) return
        stop()
        throw new Error('no power')
      }
      const store = fileStore('/box/outbox', { fileSystem: disk.mount(), rewriteLines: 20 })
      await Promise.race([isOut, useStore(store, known, rounds).catch(() => {})])
      const answered = new Map(known.answered)
      disk.onCall = undefined
      disk.fail()
      // The process that had it is gone, and its lock means nothing.
      disk.forgetLocks()
      const again = fileStore('/box/outbox', { fileSystem: disk.mount() })
      await expectKept(again, { answered, asked: known.asked }, point)
      await again.write([put('after')])
      await again.close()
    }
  })

  it('has nothing of what it refused, whichever call fails, and works on', async () => {
    const calls = await callsOf()
    let failures = 0
    for (let point = 1; point <= calls; point++) {
      const disk = new FakeDisk(seededRandom(point))
      disk.onCall = (number) => {
        if (number === point) throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
      }
      const store = fileStore('/box/outbox', { fileSystem: disk.mount(), rewriteLines: 20 })
      const known: Known = { answered: new Map(), asked: new Map() }
      for (let round = 0; round < rounds; round++)
        await useStore(store, known, 1, round).catch(() => failures++)
      disk.onCall = undefined
      const kept = [...known.answered].filter(([, revision]) => revision > 0).map(([id]) => id)
      // What the next process finds, if this one ends here, and what this one goes on with.
      const next = fileStore('/box/outbox', {
        fileSystem: disk.copy('/box/outbox').mount(),
      })
      expect({ point, ids: await idsIn(next) }).toEqual({ point, ids: kept.sort() })
      expect({ point, ids: await idsIn(store) }).toEqual({ point, ids: kept.sort() })
      await store.close()
    }
    expect(failures).toBeGreaterThan(calls / 4)
  })

  it('says that there is no room', async () => {
    const disk = new FakeDisk(seededRandom(1))
    const store = fileStore('/box/outbox', { fileSystem: disk.mount() })
    await store.read()
    disk.onCall = () => {
      throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
    }
    await expect(store.write([put('a')])).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      cause: { code: 'ENOSPC' },
    })
  })
})
