import process from 'node:process'
import { EvenkeelError } from '@evenkeel/core'
import { type FileSystem, ifThere, systemCode } from './file-system.ts'

/** Lock files that this process holds: what has its number otherwise is of an earlier process that had it. */
let held: Set<string> | undefined

/** Whether a process with that number runs. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It does, and belongs to somebody else.
    return systemCode(error) === 'EPERM'
  }
}

/** Whether the process that wrote this into the lock may still hold it. */
function isHeld(path: string, content: string): boolean {
  const pid = Number(content)
  return pid === process.pid ? !!held?.has(path) : pid > 0 && isAlive(pid)
}

async function contentOf(fs: FileSystem, path: string): Promise<string> {
  return new TextDecoder().decode(await fs.readFile(path))
}

/** Makes the lock, at once with its content; false when there is one. */
async function make(fs: FileSystem, path: string): Promise<boolean> {
  const draft = `${path}.${process.pid}`
  const file = await fs.open(draft, 'w')
  try {
    await file.appendFile(String(process.pid))
  } finally {
    await file.close()
  }
  try {
    await fs.link(draft, path)
    return true
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
    return false
  } finally {
    await ifThere(fs.unlink(draft))
  }
}

/** Takes away a lock that nobody holds; whoever made another one meanwhile gets it back. */
async function clear(fs: FileSystem, path: string): Promise<void> {
  const stale = `${path}.stale.${process.pid}`
  await fs.rename(path, stale)
  if (isHeld(path, await contentOf(fs, stale))) await fs.link(stale, path)
  await fs.unlink(stale)
}

/**
 * Takes a lock that one process at a time has; one whose process is gone is taken over.
 *
 * @throws `STORE_LOCKED`
 */
export async function takeFileLock(fs: FileSystem, path: string): Promise<() => Promise<void>> {
  for (;;) {
    if (await make(fs, path)) break
    try {
      const content = await contentOf(fs, path)
      if (isHeld(path, content))
        throw new EvenkeelError('STORE_LOCKED', `Process ${content} has it, as ${path} says`)
      await clear(fs, path)
    } catch (error) {
      // Somebody else was faster.
      if (systemCode(error) !== 'ENOENT') throw error
    }
  }
  held ??= new Set()
  held.add(path)
  return async () => {
    held?.delete(path)
    await ifThere(fs.unlink(path))
  }
}
