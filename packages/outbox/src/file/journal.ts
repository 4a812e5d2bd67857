import { crc32 } from 'node:zlib'
import type { StoreChange } from '../store.ts'
import { fromJson, toJson } from './payload-json.ts'

/** How a journal begins; the number is the version of all that follows. */
export const header = 'evenkeel outbox 1\n'

/** What a journal comes to. */
export interface Journal {
  /** What is stored, by id. A line that cannot be read is there as it is, by a name made of it. */
  readonly stored: Map<string, unknown>
  /** How many lines it has. */
  readonly lines: number
  /** Where the last whole line ends: what follows was being written when the process ended. */
  readonly goodBytes: number
}

const sumOf = (json: string): string => crc32(json).toString(16).padStart(8, '0')

function line(pairs: readonly (readonly [id: string, value: unknown])[]): string {
  const json = toJson(pairs)
  return `${sumOf(json)} ${json}\n`
}

/** The line of changes that are made together: it is there whole, or not at all. @throws `TypeError` for what JSON cannot hold */
export function changesLine(changes: readonly StoreChange[]): string {
  return line(changes.map(({ id, entry }) => [id, entry ?? null] as const))
}

/** The lines of what is stored, for a journal without its past. */
export function storedLines(stored: ReadonlyMap<string, unknown>): string {
  return [...stored].map(([id, value]) => (isRaw(id) ? `${value}\n` : line([[id, value]]))).join('')
}

const isRaw = (id: string): boolean => id.startsWith('line ')

function readLine(text: string): [id: string, value: unknown][] | undefined {
  const [sum, json] = [text.slice(0, 8), text.slice(9)]
  if (sum !== sumOf(json)) return undefined
  try {
    return fromJson(json) as [string, unknown][]
  } catch {
    return undefined
  }
}

/** Reads a journal; `undefined` when it is none, or of another version. */
export function readJournal(bytes: Uint8Array): Journal | undefined {
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1)
  const stored = new Map<string, unknown>()
  const text = new TextDecoder().decode(whole)
  // The process may have ended within the header.
  if (text === '' && header.startsWith(new TextDecoder().decode(bytes)))
    return { stored, lines: 0, goodBytes: 0 }
  if (!text.startsWith(header)) return undefined
  const lines = text.slice(header.length).split('\n').slice(0, -1)
  for (const each of lines) {
    const pairs = readLine(each)
    if (!pairs) stored.set(`line ${sumOf(each)}`, each)
    else
      for (const [id, value] of pairs)
        if (value === null) stored.delete(id)
        else stored.set(id, value)
  }
  return { stored, lines: lines.length, goodBytes: whole.byteLength }
}
