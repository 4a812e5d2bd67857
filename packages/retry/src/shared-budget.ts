import type { StatePart } from '@evenkeel/core/persistence'
import type { TokenBudget } from './token-keys.ts'

/** What is saved of a budget, and what tabs tell each other of it. */
interface BudgetSnapshot {
  readonly version: 1
  /** What the keys hold that are not full. */
  readonly tokens?: readonly KeyTokens[] | undefined
  /** What has just been spent. */
  readonly spent?: KeyTokens | undefined
}

interface KeyTokens {
  readonly key: string
  readonly tokens: number
}

/** Calls back with what is well formed. */
function each(entries: unknown, use: (key: string, tokens: number) => void): void {
  for (const entry of Array.isArray(entries) ? entries : []) {
    const { key, tokens } = Object(entry) as Partial<KeyTokens>
    if (typeof key === 'string' && Number.isFinite(tokens)) use(key, tokens as number)
  }
}

/**
 * Lets a retry budget outlive a reload and be one for all tabs, by `shareState` of
 * `@evenkeel/core/persistence`: what one tab spends is spent in all of them, and each earns for itself.
 */
export function sharedBudget({ keys }: TokenBudget): StatePart {
  /** Only ever less, and never less than a key could have spent. */
  const lower = (key: string, tokens: number): void => {
    const state = keys.get(key)
    state.tokens = Math.min(state.tokens, Math.max(keys.least, tokens))
  }
  return {
    name: 'budget',
    save() {
      const tokens = [...keys.entries()]
        .map(([key, state]) => ({ key, tokens: state.tokens }))
        .filter((entry) => entry.tokens < keys.most)
      return tokens.length ? ({ version: 1, tokens } satisfies BudgetSnapshot) : undefined
    },
    load(saved) {
      const { version, tokens, spent } = Object(saved) as Partial<BudgetSnapshot>
      if (version !== 1 || !(Array.isArray(tokens) || spent)) return false
      each(tokens, lower)
      each([spent], (key, amount) => lower(key, keys.get(key).tokens - Math.max(0, amount)))
      return true
    },
    connect({ changed }) {
      keys.onSpent = (key, tokens) =>
        changed({ version: 1, spent: { key, tokens } } satisfies BudgetSnapshot)
      return () => {
        keys.onSpent = undefined
      }
    },
  }
}
