import { dirname } from 'node:path'
import { EvenkeelError } from '@evenkeel/core'

/** An open file, as of `node:fs/promises`. */
export interface OpenFile {
  /** Writes at the end. */
  appendFile(data: string): Promise<void>
  /** Waits until what was written is on the disk. */
  datasync(): Promise<void>
  /** The same, and what the system keeps about the file. */
  sync(): Promise<void>
  /** Cuts the file off. */
  truncate(length: number): Promise<void>
  /** Gives it back. */
  close(): Promise<void>
}

/** What of `node:fs/promises` a file store needs. */
export interface FileSystem {
  /** Opens a file. */
  open(path: string, flags: string): Promise<OpenFile>
  /** Reads a file whole. */
  readFile(path: string): Promise<Uint8Array>
  /** Moves a file, over another if need be, at once. */
  rename(from: string, to: string): Promise<void>
  /** Gives a file another name; fails where that is taken. */
  link(existing: string, path: string): Promise<void>
  /** Takes a name away. */
  unlink(path: string): Promise<void>
}

/** Whether what a file system threw has one of these codes. */
export function hasCode(error: unknown, codes: RegExp): boolean {
  return codes.test(String((error as { code?: string } | undefined)?.code))
}

/** What a store throws for what a file system threw: no room has a name of its own. */
export function storeError(cause: unknown, path: string): unknown {
  return hasCode(cause, /^(ENOSPC|EDQUOT|EFBIG)$/)
    ? new EvenkeelError('QUOTA_EXCEEDED', `No room to write ${path}`, { cause })
    : cause
}

/** Does what a missing file makes needless; then gives nothing. */
export async function ifThere<V>(operation: Promise<V>): Promise<V | undefined> {
  try {
    return await operation
  } catch (error) {
    if (!hasCode(error, /^ENOENT$/)) throw error
    return undefined
  }
}

/** What cannot be synced by itself is synced by its system, or not at all. */
const unsyncable = /^(EISDIR|EPERM|EINVAL|ENOTSUP|EACCES)$/

/** Gets the folder of a file on the disk, and with it the file's name. */
export async function syncFolder(fs: FileSystem, path: string): Promise<void> {
  try {
    const folder = await fs.open(dirname(path), 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch (error) {
    if (!hasCode(error, unsyncable)) throw error
  }
}
