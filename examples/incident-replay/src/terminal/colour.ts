import { styleText } from 'node:util'

/** Colours by meaning; without a terminal, or with `NO_COLOR`, they are plain. */
export const colour = {
  good: (text: string) => styleText('green', text),
  fair: (text: string) => styleText('yellow', text),
  bad: (text: string) => styleText('red', text),
  strong: (text: string) => styleText('bold', text),
  quiet: (text: string) => styleText('dim', text),
}

/** Colours a success ratio's text: all but all, half-way, or down. */
export function bySuccess(ratio: number | undefined, text: string): string {
  if (ratio === undefined) return colour.quiet(text)
  return ratio > 0.99 ? colour.good(text) : ratio > 0.8 ? colour.fair(text) : colour.bad(text)
}
