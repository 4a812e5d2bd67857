// Compares what a fence shows with its `// →` comments.
import { format, inspect } from 'node:util'

/**
 * `…` stands for anything; a remark may follow in parentheses, after a dash, or after two spaces.
 *
 * @type {(text: string) => RegExp[]}
 */
function patterns(text) {
  const [value = text] = text.split(/ \(| — | {2,}/)
  return [text, value].map((text) => {
    const parts = text.trim().split('…')
    const source = parts.map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('.*')
    return new RegExp(`^${source.replace(/\s+/g, '\\s+')}$`, 's')
  })
}

/**
 * Whether one of the ways in which a value can be written is `text`.
 *
 * @type {(text: string, ways: string[]) => boolean}
 */
export function isShown(text, ways) {
  return patterns(text).some((pattern) => ways.some((way) => pattern.test(way.trim())))
}

/** @type {(value: unknown) => string[]} */
export function waysToWrite(value) {
  return [format(value), inspect(value), JSON.stringify(value) ?? 'undefined']
}

/**
 * `throws RangeError: …`, or by code: `throws DEADLINE_EXCEEDED`.
 *
 * @type {(error: any) => string[]}
 */
export function waysToThrow(error) {
  const names = [error?.name, error?.code, `${error?.name}: ${error?.message}`, error?.message]
  return names.map((name) => `throws ${name}`)
}
