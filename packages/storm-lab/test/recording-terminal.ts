import { Writable } from 'node:stream'
import type { Terminal } from '../src/cli/main.ts'
import type { ProgressStream } from '../src/cli/progress.ts'

/** A terminal that keeps what is written to it, and can be interrupted. */
export function recordingTerminal({ isTTY = false }: { isTTY?: boolean } = {}) {
  let printed = ''
  let told = ''
  const listeners = new Set<() => void>()
  const stderr: ProgressStream = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk: string, _, done) {
        told += chunk
        done()
      },
    }),
    { isTTY, columns: 80, rows: 40 },
  )
  const terminal: Terminal = {
    stdout: { write: (text) => (printed += text) },
    stderr,
    once: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
  }
  return {
    ...terminal,
    printed: () => printed,
    told: () => told,
    interrupt: () => {
      for (const listener of listeners) listener()
    },
    get listeners() {
      return listeners.size
    },
  }
}
