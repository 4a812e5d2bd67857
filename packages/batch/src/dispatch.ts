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
import type { Group } from './group.ts'
import { itemsFailed } from './items-failed.ts'
import type { Load } from './options.ts'
import { readResults } from './results.ts'

/** How long a group without a policy may be under way. */
const limitMs = 60_000

/** A group on its way. */
export interface Flight<K, V> {
  /** Those who still wait. */
  group: Group<K, V>
}

/** Runs a group through the policy; `over` hears when all who wait for it have been told. */
export type Dispatch<K, V> = (group: Group<K, V>, over?: () => void) => void

/** Makes what loads groups, which are `underWay` meanwhile. Without a policy they have a limit, by `clock`. */
export function dispatcher<K, V>(
  underWay: Flight<K, V>[],
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

  return function dispatch(sent, over) {
    const flight: Flight<K, V> = { group: sent.seal() }
    let { deadlineAtMs } = sent
    let limit: Timer | undefined
    let isOver = false
    /** Stands for the keys that failed by themselves, each for its own reason. */
    let partly: unknown
    let errors: Error[]

    /** Leaves behind the keys that nobody waits for. */
    const wanted = (): Group<K, V> => {
      const { group } = flight
      if (group.size < group.keys.length) {
        const results: unknown[] = []
        flight.group = group.part(group.places(), results)
        group.open(results)
      }
      return flight.group
    }

    /** Hands out what came for a group. Loads may overlap: keys may have gone over to another one. */
    const read = (asked: Group<K, V>, loaded: unknown): void => {
      let results = readResults(loaded, asked.ids)
      const { group } = flight
      if (!group.size) return
      if (group !== asked)
        results = readResults(new Map(asked.ids.map((id, at) => [id, results[at]])), group.ids)
      const failed = policy
        ? group.places().filter((place) => {
            const error = results[place]
            return error instanceof Error && shouldRetry({ key: group.keys[place] as K, error })
          })
        : []
      if (!failed.length) {
        group.open(results)
        return
      }
      errors = failed.map((place) => results[place] as Error)
      partly = itemsFailed(errors, results.length, key)
      const left = [...results]
      flight.group = group.part(failed, left)
      group.open(left)
      throw partly
    }

    const end = (error?: unknown): void => {
      // It has been cancelled.
      if (isOver) return
      isOver = true
      // A splice would make an array.
      const last = underWay.pop() as Flight<K, V>
      if (last !== flight) underWay[underWay.indexOf(flight)] = last
      limit?.cancel()
      const { group } = flight
      try {
        // One key that is left may have failed for another, which nobody waits for any more.
        const mayDiffer = group.size && group.keys.length > 1 && error !== partly
        if (mayDiffer && shouldSplit({ error })) {
          notify(onEvent, { type: 'batchSplit', size: group.size, error })
          const places = group.places()
          const results: unknown[] = []
          const halves = [places.splice(0, Math.ceil(places.length / 2)), places]
            .filter((half) => half.length)
            .map((half) => group.part(half, results))
          group.open(results)
          let left = halves.length
          for (const half of halves) dispatch(half, () => --left || over?.())
          return
        }
      } catch (bug) {
        error = bug
      }
      // To settle a promise once more takes Node as long as a batch of one.
      if (group.size) {
        if (partly && error === partly) group.open(errors)
        else group.fail(error)
      }
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
    sent.cancellation = cancellation
    underWay.push(flight)
    const context = derive(common, { priority: sent.priority, cancellation, deadlineAtMs })
    try {
      if (policy)
        policy
          .execute(async (context) => {
            const asked = wanted()
            read(asked, await load(asked.keys, context))
          }, context)
          .then(() => end(), end)
      else {
        const asked = wanted()
        // To await this takes a batch of one key a twentieth of its time.
        Promise.resolve(load(asked.keys, context)).then((loaded) => {
          try {
            read(asked, loaded)
          } catch (error) {
            end(error)
          }
          end()
        }, end)
      }
    } catch (error) {
      end(error)
    }
  }
}
