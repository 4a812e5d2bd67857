import wrapAnsi from 'wrap-ansi'
import { contenders } from '../contenders/contenders.ts'
import { scenarios } from '../scenarios/scenarios.ts'
import { colour, pad } from './colour.ts'

/** The scenarios and contenders that come with the lab, a line each. */
export function lists(columns = Number.POSITIVE_INFINITY): string {
  return [
    colour.strong('Scenarios'),
    ...lines(Object.values(scenarios), columns),
    '',
    colour.strong('Contenders'),
    ...lines(Object.values(contenders), columns),
  ].join('\n')
}

function lines(
  each: readonly { readonly name: string; readonly about: string }[],
  columns: number,
): string[] {
  const width = Math.max(...each.map(({ name }) => name.length))
  const indent = `\n${' '.repeat(width + 4)}`
  return each.map(({ name, about }) => {
    const text = columns < Infinity ? wrapAnsi(about, Math.max(20, columns - width - 4)) : about
    return `  ${pad(name, width)}  ${text.replaceAll('\n', indent)}`
  })
}
