import {
  type CallContext,
  Cancellation,
  type Clock,
  derive,
  EvenkeelError,
  notify,
  type Policy,
  type Timer,
} from '@evenkeel/core'
import type { BatchEvent } from './events.ts'
import { type Group, type Item, settle } from './group.ts'
import { itemsFailed } from './items-failed.ts'
import type { Load } from './options.ts'
import { readResults } from './results.ts'

/** How long a group without a policy may be under way. */
const limitMs = 60_000

/** Runs a group through the policy; `over` hears when all who wait for it have been told. */
export type Dispatch<K, V> = (group: Group<K, V>, over?: () => void) => void

/** Makes what loads groups, which are in `underWay` meanwhile. Without a policy they have a limit, by `clock`. */
export function dispatcher<K, V>(
  underWay: Group<K, V>[],
  load: Load<K, V>,
  policy: Policy | undefined,
  clock: Clock,
  key: string,
  idempotent: boolean,
  shouldRetry: (failed: { readonly key: K; readonly error: Error }) => boolean,
  shouldSplit: (failed: { readonly error: unknown }) => boolean,
  onEvent: ((event: BatchEvent) => void) | undefined,
): Dispatch<K, V> {
  /** What all calls have in common; `derive` adds what each has of its own. */
  const common = { attempt: 1, key, route: key, tag: undefined, idempotent } as CallContext

  return function dispatch(group, over) {
    let { deadlineAtMs } = group
    let limit: Timer | undefined
    /** Stands for the keys that failed by themselves. */
    let partly: unknown

    /** Loads what is left of the group, once. */
    const attempt = async (context: CallContext): Promise<void> => {
      const items = group.sweep()
      const keys = items.map((item) => item.key)
      const results = readResults<V>(await load(keys, context), items)
      const failed: Error[] = []
      for (let place = 0; place < items.length; place++) {
        const item = items[place] as Item<K, V>
        const result = results[place]
        const isValue = !(result instanceof Error)
        if (!item.waiting) continue
        if (isValue || !shouldRetry({ key: item.key, error: result })) settle(item, isValue, result)
        else {
          item.error = result
          failed.push(result)
        }
      }
      if (!group.size) return
      partly = itemsFailed(failed, items.length, key)
      throw partly
    }

    const end = (error?: unknown): void => {
      const place = underWay.indexOf(group)
      // It has been cancelled.
      if (place < 0) return
      // A splice would make an array.
      const last = underWay.pop() as Group<K, V>
      if (last !== group) underWay[place] = last
      limit?.cancel()
      try {
        if (group.size > 1 && error !== partly && shouldSplit({ error })) {
          notify(onEvent, { type: 'batchSplit', size: group.size, error })
          let left = 2
          for (const half of group.halves()) dispatch(half, () => --left || over?.())
          return
        }
      } catch (bug) {
        error = bug
      }
      if (group.size) group.fail((item) => (error === partly ? item.error : error))
      over?.()
    }

    if (!policy) {
      const nowMs = clock.now()
      if (deadlineAtMs <= nowMs) {
        // Its callers' own limits end them.
        over?.()
        return
      }
      const limitAtMs = nowMs + limitMs
      deadlineAtMs = Math.min(deadlineAtMs, limitAtMs)
      limit = clock.scheduleAt(limitAtMs, () => {
        const facts = { key, transient: true, reached: 'maybe' } as const
        cancellation.abort(new EvenkeelError('TIMEOUT', `No result within ${limitMs} ms`, facts))
      })
    }
    const cancellation = new Cancellation(undefined, end)
    group.cancellation = cancellation
    underWay.push(group)
    const context = derive(common, { priority: group.priority, cancellation, deadlineAtMs })
    try {
      ;(policy ? policy.execute(attempt, context) : attempt(context)).then(end, end)
    } catch (error) {
      end(error)
    }
  }
}
