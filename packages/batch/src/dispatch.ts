import { type CallContext, type Clock, derive, notify, type Policy, run } from '@evenkeel/core'
import type { BatchEvent } from './events.ts'
import { type Group, type Item, settle } from './group.ts'
import { itemsFailed } from './items-failed.ts'
import type { Load } from './options.ts'
import { readResults } from './results.ts'

/** The settings by which groups are loaded, each given. */
export interface DispatchRules<K, V> {
  readonly load: Load<K, V>
  readonly policy: Policy
  readonly key: string
  readonly idOf: (key: K) => unknown
  readonly idempotent: boolean
  readonly shouldRetry: (failed: { readonly key: K; readonly error: Error }) => boolean
  readonly shouldSplit: (failed: { readonly error: unknown }) => boolean
  readonly onEvent: ((event: BatchEvent) => void) | undefined
  readonly clock: Clock
  /** The groups that are under way. */
  readonly underWay: Set<Group<K, V>>
}

/** Runs a group through the policy; resolves when all who wait for it have been told. */
export async function dispatch<K, V>(
  group: Group<K, V>,
  rules: DispatchRules<K, V>,
): Promise<void> {
  const { policy, key, idempotent, shouldSplit, onEvent, underWay } = rules
  const { priority, deadlineAtMs, cancellation } = group
  const errors = new Map<Item<K, V>, Error>()
  let partly: unknown
  underWay.add(group)
  try {
    await run(
      {
        name: 'batch',
        execute: (next, context) =>
          policy.execute(next, derive(context, { cancellation, deadlineAtMs })),
      },
      async (context) => {
        partly = await attempt(group, errors, rules, context)
        if (partly) throw partly
      },
      { key, priority, idempotent },
    )
  } catch (error) {
    if (group.size > 1 && error !== partly && shouldSplit({ error })) {
      notify(onEvent, { type: 'batchSplit', size: group.size, error })
      await Promise.all(group.halves().map((half) => dispatch(half, rules)))
    } else group.fail(error === partly ? (item) => errors.get(item) : () => error)
  }
  underWay.delete(group)
}

/** Loads what is left of a group, once; returns an error that stands for what may be tried again. */
async function attempt<K, V>(
  group: Group<K, V>,
  errors: Map<Item<K, V>, Error>,
  { load, shouldRetry, idOf, key }: DispatchRules<K, V>,
  context: CallContext,
): Promise<unknown> {
  group.sweep()
  const { items } = group
  const keys = items.map((item) => item.key)
  const results = readResults<V>(await load(keys, context), keys, idOf)
  const failed: Error[] = []
  for (let place = 0; place < items.length; place++) {
    const item = items[place] as (typeof items)[number]
    const result = results[place]
    const isValue = !(result instanceof Error)
    if (!item.waiting) continue
    if (isValue || !shouldRetry({ key: item.key, error: result })) settle(item, isValue, result)
    else {
      failed.push(result)
      errors.set(item, result)
    }
  }
  return group.size ? itemsFailed(failed, items.length, key) : undefined
}
