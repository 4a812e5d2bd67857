import { readFileSync } from 'node:fs'

export const page = readFileSync(new URL('../../../docs/storms.md', import.meta.url), 'utf8')

/** The cells of the rows of a section's first table, without its rule. */
export function tableOf(title: string): string[][] {
  const [, ...rest] = page.split(`\n## ${title}\n`)
  const lines = (rest[0]?.split('\n## ')[0] ?? '').split('\n')
  const from = lines.findIndex((line) => line.startsWith('|'))
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'))
  return lines
    .slice(from, length < 0 ? undefined : from + length)
    .filter((line) => !/^\| ?:?-/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}
