import { stripVTControlCharacters } from 'node:util'

/** Pads a text that may have colours to a width on the screen. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const missing = ' '.repeat(Math.max(0, width - stripVTControlCharacters(text).length))
  return side === 'right' ? text + missing : missing + text
}
