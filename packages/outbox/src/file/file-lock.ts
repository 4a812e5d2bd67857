import process from 'node:process'
import { EvenkeelError } from '@evenkeel/core'
import { type FileSystem, hasCode, ifThere } from './file-system.ts'

/** Whether a process with that number runs. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It does, and belongs to somebody else.
    return hasCode(error, /^EPERM$/)
  }
}

/** What this process writes: its number, and when it began, since an earlier one may have had the number. All its threads say the same. */
const ownContent = (): string => `${process.pid} ${performance.timeOrigin}`

const pidIn = (content: string): number => Number.parseInt(content, 10)

/** Whether the process that wrote this into the lock may still hold it. */
function isHeld(content: string): boolean {
  const pid = pidIn(content)
  return pid === process.pid ? content === ownContent() : pid > 0 && isAlive(pid)
}

async function contentOf(fs: FileSystem, path: string): Promise<string> {
  return new TextDecoder().decode(await fs.readFile(path))
}

/** Makes the lock, at once with its content; false when there is one. */
async function make(fs: FileSystem, path: string): Promise<boolean> {
  const draft = `${path}.${process.pid}`
  const file = await fs.open(draft, 'w')
  try {
    await file.appendFile(ownContent())
  } finally {
    await file.close()
  }
  try {
    await fs.link(draft, path)
    return true
  } catch (error) {
    // There is one, or another thread took the draft for its own.
    if (!hasCode(error, /^(EEXIST|ENOENT)$/)) throw error
    return false
  } finally {
    // A draft that stays is no harm, and no reason to give back what was taken.
    await fs.unlink(draft).catch(() => {})
  }
}

/** Takes away a lock that nobody holds; whoever made another one meanwhile gets it back. */
async function clear(fs: FileSystem, path: string): Promise<void> {
  const stale = `${path}.stale.${process.pid}`
  await fs.rename(path, stale)
  if (isHeld(await contentOf(fs, stale))) await fs.link(stale, path)
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
      if (isHeld(content))
        throw new EvenkeelError('STORE_LOCKED', `Process ${pidIn(content)} has it, as ${path} says`)
      await clear(fs, path)
    } catch (error) {
      // Somebody else was faster.
      if (!hasCode(error, /^ENOENT$/)) throw error
    }
  }
  return () => ifThere(fs.unlink(path))
}
