import * as nodeFileSystem from 'node:fs/promises'
import { resolve } from 'node:path'
import { checkNumber, EvenkeelError } from '@evenkeel/core'
import { StoredEntries } from '../memory-store.ts'
import type { OutboxStore, StoreChange } from '../store.ts'
import { takeFileLock } from './file-lock.ts'
import { type FileSystem, ifThere, type OpenFile, storeError, syncFolder } from './file-system.ts'
import { changesLine, header, readJournal, storedLines } from './journal.ts'

/** What {@link fileStore} can be told. */
export interface FileStoreOptions {
  /** @defaultValue `node:fs/promises` */
  readonly fileSystem?: FileSystem | undefined
  /**
   * From how many lines on the file is written anew when hardly any of them counts.
   * @defaultValue 1000: a few hundred kB, read in milliseconds
   */
  readonly rewriteLines?: number | undefined
}

/** Something that is answered when what was written before it is on the disk. */
interface Asked {
  readonly text: string
  answer(): void
  fail(error: unknown): void
}

/** So many lines for each entry are no waste. */
const maxLinesPerEntry = 4

class FileStore implements OutboxStore {
  readonly #path: string
  readonly #fs: FileSystem
  readonly #rewriteLines: number
  #unlock: (() => Promise<void>) | undefined
  #opening: Promise<void> | undefined
  #file: OpenFile | undefined
  #stored = new StoredEntries()
  #lines = 0
  /** How much of the file is known to be good; `undefined` when all of it is to be read. */
  #goodBytes: number | undefined
  #asked: Asked[] = []
  #flushing: Promise<void> | undefined
  #isClosed = false

  constructor(path: string, fs: FileSystem, rewriteLines: number) {
    this.#path = path
    this.#fs = fs
    this.#rewriteLines = rewriteLines
  }

  read(): Promise<[id: string, value: unknown][]> {
    return this.#ask(() => ['', this.#stored.inOrder()])
  }

  write(changes: readonly StoreChange[]): Promise<boolean> {
    return this.#ask(() => {
      const text = changesLine(changes)
      const isDone = this.#stored.change(changes)
      return [isDone ? text : '', isDone]
    })
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#opening?.catch(() => {})
    await this.#flushing
    await this.#file?.close()
    await this.#unlock?.()
  }

  /** Does it when the file is open, in the order of the calls; answers when all up to it is on the disk. */
  async #ask<V>(make: () => readonly [text: string, value: V]): Promise<V> {
    // A flush that fails closes the file.
    while (!this.#file) {
      if (this.#isClosed) throw new EvenkeelError('STORE_CLOSED', `${this.#path} is closed`)
      this.#opening ??= this.#open().finally(() => {
        this.#opening = undefined
      })
      await this.#opening
    }
    const [text, value] = make()
    return new Promise((resolve, reject) => {
      this.#asked.push({ text, answer: () => resolve(value), fail: reject })
      this.#flushing ??= this.#flush()
    })
  }

  async #open(): Promise<void> {
    const fs = this.#fs
    const path = this.#path
    this.#unlock ??= await takeFileLock(fs, `${path}.lock`)
    const bytes = (await ifThere(fs.readFile(path))) ?? new Uint8Array()
    // What was refused must not be found done.
    const journal = readJournal(bytes.subarray(0, this.#goodBytes))
    if (!journal) throw new EvenkeelError('STORE_VERSION', `${path} is no outbox of version 1`)
    const { stored, lines, goodBytes } = journal
    const file = await fs.open(path, 'a')
    try {
      if (goodBytes < bytes.byteLength) await file.truncate(goodBytes)
      if (goodBytes === 0) await file.appendFile(header)
      await file.datasync()
      await syncFolder(fs, path)
    } catch (error) {
      await file.close()
      throw error
    }
    this.#stored = new StoredEntries(stored)
    this.#lines = lines
    this.#goodBytes = goodBytes || header.length
    this.#file = file
  }

  async #flush(): Promise<void> {
    while (this.#asked.length > 0) {
      const batch = this.#asked.splice(0)
      try {
        await this.#append(batch.map(({ text }) => text).join(''))
      } catch (error) {
        await this.#giveUp([...batch, ...this.#asked.splice(0)], error)
        break
      }
      for (const { answer } of batch) answer()
      const isWasteful =
        this.#lines > Math.max(this.#rewriteLines, maxLinesPerEntry * this.#stored.size)
      if (isWasteful && this.#asked.length === 0) await this.#rewrite()
    }
    // In the same breath as the last look at what is asked: what comes now flushes anew.
    this.#flushing = undefined
  }

  async #append(text: string): Promise<void> {
    if (text === '') return
    const file = this.#file as OpenFile
    await file.appendFile(text)
    await file.datasync()
    this.#goodBytes = (this.#goodBytes as number) + Buffer.byteLength(text)
    this.#lines += text.split('\n').length - 1
  }

  /** Takes back what may have been written in part; all is read again before anything else is done. */
  async #giveUp(asked: readonly Asked[], cause: unknown): Promise<void> {
    const file = this.#file
    this.#file = undefined
    try {
      await file?.truncate(this.#goodBytes as number)
      await file?.datasync()
    } catch {
      // Then it is done when the file is opened again.
    }
    await file?.close().catch(() => {})
    for (const { fail } of asked) fail(storeError(cause, this.#path))
  }

  /** Writes the file anew without its past, and puts it in the place of the old one. */
  async #rewrite(): Promise<void> {
    const fs = this.#fs
    const path = `${this.#path}.new`
    const text = header + storedLines(this.#stored)
    let file: OpenFile | undefined
    try {
      await ifThere(fs.unlink(path))
      file = await fs.open(path, 'a')
      await file.appendFile(text)
      await file.datasync()
      await fs.rename(path, this.#path)
    } catch {
      // The old one is as good, only longer.
      this.#lines = 0
      return file?.close().catch(() => {})
    }
    const old = this.#file
    this.#file = file
    this.#lines = this.#stored.size
    this.#goodBytes = Buffer.byteLength(text)
    await old?.close().catch(() => {})
    // Until then the old file may come back: nothing is answered before.
    await syncFolder(fs, this.#path).catch((error) => this.#giveUp(this.#asked.splice(0), error))
  }
}

/**
 * Keeps entries in a file of its own, for Node.js: each change is on the disk before it is answered, and
 * a process that dies in the middle of one leaves what was there before. One process at a time has it,
 * by a lock file beside it; so has one outbox.
 *
 * @throws `RangeError` for a bad option
 */
export function fileStore(
  path: string,
  { fileSystem = nodeFileSystem, rewriteLines = 1000 }: FileStoreOptions = {},
): OutboxStore {
  checkNumber('fileStore', 'rewriteLines', rewriteLines, 1)
  return new FileStore(resolve(path), fileSystem, rewriteLines)
}
