import type { Random } from '@evenkeel/core'
import type { FileSystem, OpenFile } from '../src/file.ts'

/** A file: what is on the disk, and what the system has only been told. */
interface Inode {
  disk: string
  told: string
}

const failing = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${path}`), { code })

/**
 * A disk that forgets, when the power fails, what it was not told to keep: of what was appended any
 * part, from none to all, and names that the folder was not synced for.
 */
export class FakeDisk {
  calls = 0
  renames = 0
  /** Called with the number of each call: may throw, and then the call does nothing. */
  onCall: ((number: number) => void) | undefined
  readonly #random: Random
  #names = new Map<string, Inode>()
  #namesOnDisk = new Map<string, Inode>()
  #boots = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** A disk of its own, with one file as it is now. */
  copy(path: string): FakeDisk {
    const disk = new FakeDisk(this.#random)
    const text = this.#names.get(path)?.told
    if (text !== undefined) disk.#names.set(path, { disk: text, told: text })
    return disk
  }

  /** Power is gone, and back: no process of before does anything any more. */
  fail(): void {
    this.#boots++
    // A system may have written names by itself.
    if (this.#random() < 0.5) this.#namesOnDisk = new Map(this.#names)
    this.#names = new Map(this.#namesOnDisk)
    for (const inode of this.#names.values()) {
      const more = inode.told.length - inode.disk.length
      if (more > 0)
        inode.disk = inode.told.slice(
          0,
          inode.disk.length + Math.floor(this.#random() * (more + 1)),
        )
      inode.told = inode.disk
    }
  }

  /** The disk as a process sees it, until the power fails. */
  mount(): FileSystem {
    const boot = this.#boots
    const call = (): void => {
      if (boot !== this.#boots) throw new Error('this process is gone')
      this.calls++
      this.onCall?.(this.calls)
    }
    const inodeOf = (path: string): Inode => {
      const inode = this.#names.get(path)
      if (!inode) throw failing('ENOENT', path)
      return inode
    }
    const openFile = (inode: Inode | undefined): OpenFile => ({
      appendFile: async (data) => {
        call()
        if (inode) inode.told += data
      },
      datasync: async () => {
        call()
        if (inode) inode.disk = inode.told
      },
      sync: async () => {
        call()
        // Only folders are synced whole.
        this.#namesOnDisk = new Map(this.#names)
      },
      truncate: async (length) => {
        call()
        if (inode) {
          inode.told = inode.told.slice(0, length)
          inode.disk = inode.disk.slice(0, length)
        }
      },
      close: async () => {},
    })
    return {
      open: async (path, flags) => {
        call()
        if (flags === 'r') return openFile(undefined)
        const inode = this.#names.get(path) ?? { disk: '', told: '' }
        if (flags === 'w') inode.told = ''
        this.#names.set(path, inode)
        return openFile(inode)
      },
      readFile: async (path) => {
        call()
        return new TextEncoder().encode(inodeOf(path).told)
      },
      rename: async (from, to) => {
        call()
        this.#names.set(to, inodeOf(from))
        this.#names.delete(from)
        if (from.endsWith('.new')) this.renames++
      },
      link: async (existing, path) => {
        call()
        if (this.#names.has(path)) throw failing('EEXIST', path)
        this.#names.set(path, inodeOf(existing))
      },
      unlink: async (path) => {
        call()
        if (!this.#names.delete(path)) throw failing('ENOENT', path)
      },
    }
  }

  /** Takes away what a process that is gone has left of its lock. */
  forgetLocks(): void {
    for (const names of [this.#names, this.#namesOnDisk])
      for (const path of names.keys()) if (path.includes('.lock')) names.delete(path)
  }
}
