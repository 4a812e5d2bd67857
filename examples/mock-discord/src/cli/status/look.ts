import { styleText } from 'node:util'

export type Tone = 'good' | 'warn' | 'bad' | 'dim' | 'bold'

/** Gives a text its tone, where the terminal has colours. */
export type Paint = (text: string, tone: Tone) => string

const formats: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  good: 'green',
  warn: 'yellow',
  bad: ['bold', 'red'],
  dim: 'dim',
  bold: 'bold',
}

export const painter =
  (hasColours: boolean): Paint =>
  (text, tone) =>
    hasColours ? styleText(formats[tone], text, { validateStream: false }) : text

/** How bad a share is, of something that should be low. */
export const toneOf = (ratio: number, warnFrom: number, badFrom: number): Tone =>
  ratio >= badFrom ? 'bad' : ratio >= warnFrom ? 'warn' : 'good'

/** Draws a share as a bar of ten. */
export function bar(ratio: number): string {
  const full = Math.round(10 * Math.min(1, Math.max(0, ratio)))
  return '█'.repeat(full) + '░'.repeat(10 - full)
}

const levels = '▁▂▃▄▅▆▇█'

/** Draws values as a line of bars, the highest one full. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values, 1e-9)
  return values
    .map((value) => levels[Math.min(7, Math.floor((8 * Math.max(0, value)) / highest))])
    .join('')
}

/** Writes rows under each other, the first column to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, cell.length)),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] as number
        return index === 0 ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd(),
  )
}
