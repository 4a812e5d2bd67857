import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** File contents by path; anything but a string is written as JSON, `null` leaves the file out. */
export type Files = Record<string, unknown>

/** Writes `files` to a folder that is gone when the test ends. */
export function fakeTree(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), 'evenkeel-tree-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [path, content] of Object.entries(files)) {
    if (content === null) continue
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return root
}
