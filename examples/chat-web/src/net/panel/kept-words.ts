import type { Panel } from './panel.ts'

const names: Readonly<Record<string, string>> = {
  circuits: 'circuit',
  budget: 'retry budget',
  rateLimit: 'limits',
}

/** The parts of a client's state in words, as in `circuit, limits`. */
export const partWords = (parts: readonly string[]): string =>
  parts.map((part) => names[part] ?? part).join(', ')

/** Where the state comes from, and who has it too. */
export function keptWords({ kept, isStored }: Pick<Panel, 'kept' | 'isStored'>, tabs: number) {
  const from = kept
    ? `Kept from ${kept.isReload ? 'before the reload' : 'an earlier page'}: ${partWords(kept.parts)}`
    : isStored
      ? 'Nothing was kept from an earlier page'
      : 'This browser stores nothing: a reload starts afresh'
  const others = ['No other tab shares it', 'One other tab shares it'][tabs]
  return `${from}. ${others ?? `${tabs} other tabs share it`}.`
}
