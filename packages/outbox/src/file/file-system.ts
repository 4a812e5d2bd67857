import { dirname } from 'node:path'
import { EvenkeelError } from '@evenkeel/core'

/** An open file, as of `node:fs/promises`. */
export interface OpenFile {
  appendFile(data: string): Promise<void>
  datasync(): Promise<void>
  sync(): Promise<void>
  truncate(length: number): Promise<void>
  close(): Promise<void>
}

/** What of `node:fs/promises` a file store needs. */
export interface FileSystem {
  open(path: string, flags: string): Promise<OpenFile>
  readFile(path: string): Promise<Uint8Array>
  rename(from: string, to: string): Promise<void>
  link(existing: string, path: string): Promise<void>
  unlink(path: string): Promise<void>
}

/** The code of what a file system throws. */
export function systemCode(error: unknown): string | undefined {
  return (error as { code?: string } | undefined)?.code
}

/** What a store throws for what a file system threw: no room has a name of its own. */
export function storeError(cause: unknown, path: string): unknown {
  const isFull = /^(ENOSPC|EDQUOT|EFBIG)$/.test(systemCode(cause) ?? '')
  return isFull ? new EvenkeelError('QUOTA_EXCEEDED', `No room to write ${path}`, { cause }) : cause
}

/** Does what a missing file makes needless. */
export async function ifThere(operation: Promise<unknown>): Promise<void> {
  try {
    await operation
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
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
    if (!unsyncable.test(systemCode(error) ?? '')) throw error
  }
}
