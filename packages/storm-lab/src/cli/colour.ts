import { stripVTControlCharacters, styleText } from 'node:util'
import type { Verdict } from '../summary/rows.ts'

/** Colours by meaning; without a terminal, or with `NO_COLOR`, they are plain. */
export const colour = {
  good: (text: string) => styleText('green', text),
  fair: (text: string) => styleText('yellow', text),
  bad: (text: string) => styleText('red', text),
  strong: (text: string) => styleText('bold', text),
  quiet: (text: string) => styleText('dim', text),
} as const satisfies Record<Verdict | 'strong' | 'quiet', (text: string) => string>

/** Pads a text that may have colours to a width on the screen. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const missing = ' '.repeat(Math.max(0, width - stripVTControlCharacters(text).length))
  return side === 'right' ? text + missing : missing + text
}
