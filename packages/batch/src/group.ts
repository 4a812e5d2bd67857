import type { Cancellation, Priority, Release } from '@evenkeel/core'

/** One who waits for a key. */
export interface Caller<V> {
  /** Nothing of one who has left. */
  resolve: ((value: V) => void) | undefined
  readonly reject: (reason: unknown) => void
  /** Gives back what the wait arranged: a timer, a listener. */
  release?: Release | undefined
  /** Who asked for the same key later. */
  next?: Caller<V> | undefined
}

/** A key, and the first who waits for it: nearly always the only one, and one object less for each key. */
export interface Item<K, V> extends Caller<V> {
  readonly key: K
  /** What makes two keys the same. */
  readonly id: unknown
  /** How many wait; with none the key is of no interest. */
  waiting: number
  /** The group it travels with. */
  group: Group<K, V>
  /** What it failed with when it was last loaded, if it may be tried again. */
  error?: Error
}

/** From the least important on. */
export const order: readonly Priority[] = ['deferred', 'important', 'critical']

/** Up to so many keys are found sooner by a look at each than by a table. */
const few = 16

/** Keys that travel together. */
export class Group<K, V> {
  /** How many of them somebody waits for. */
  size = 0
  /** That of the most important call. */
  priority: Priority = 'deferred'
  /** When its last call gives up. */
  deadlineAtMs: number = -Infinity
  /** Cancels it once it is under way. */
  cancellation: Cancellation | undefined
  /** Its keys, in the order they came. */
  items: Item<K, V>[] = []
  /** Their ids, once they are many: `__proto__` is an id like any other. */
  #ids: Set<unknown> | undefined
  /** They themselves by id, once one of many comes again: to look up and add takes twice as long as to add. */
  #byId: Map<unknown, Item<K, V>> | undefined

  /** The key with this id, if it has come: else it is expected now. One that all have left may be on its way out. */
  find(id: unknown): Item<K, V> | undefined {
    if (this.items.length <= few)
      // As a table compares: NaN is itself, and 0 is -0.
      return this.items.find((item) => item.waiting && (item.id === id || Object.is(item.id, id)))
    if (!this.#byId) {
      this.#ids ??= new Set(this.items.map((item) => item.id))
      const { size } = this.#ids
      if (this.#ids.add(id).size > size) return undefined
      this.#byId = new Map(this.items.map((item) => [item.id, item]))
    }
    return this.#byId.get(id)
  }

  add(item: Item<K, V>): void {
    this.size++
    this.items.push(item)
    this.#byId?.set(item.id, item)
  }

  /** Takes in what a call that joins asks for. */
  heed(priority: Priority, deadlineAtMs: number): void {
    if (priority !== this.priority && order.indexOf(priority) > order.indexOf(this.priority))
      this.priority = priority
    if (deadlineAtMs > this.deadlineAtMs) this.deadlineAtMs = deadlineAtMs
  }

  /** The keys that somebody waits for. */
  sweep(): readonly Item<K, V>[] {
    const { items } = this
    return this.size < items.length ? items.filter(({ waiting }) => waiting) : items
  }

  /** Rejects all who wait, each for its own reason. */
  fail(reasonOf: (item: Item<K, V>) => unknown): void {
    for (const item of this.sweep()) settle(item, false, reasonOf(item))
  }

  /** Rejects all who wait, and cancels what is under way. */
  giveUp(reason: unknown): void {
    this.fail(() => reason)
    this.cancellation?.abort(reason)
  }

  /** Moves its keys into two groups. */
  halves(): readonly Group<K, V>[] {
    const items = this.sweep()
    const middle = Math.ceil(this.size / 2)
    this.size = 0
    return [items.slice(0, middle), items.slice(middle)].map((part) => {
      const half = new Group<K, V>()
      half.heed(this.priority, this.deadlineAtMs)
      half.size = part.length
      half.items = part
      for (const item of part) item.group = half
      return half
    })
  }
}

/** Tells all who wait for a key how it ended. */
export function settle<K, V>(item: Item<K, V>, isValue: boolean, result: unknown): void {
  item.waiting = 0
  item.group.size--
  for (let caller: Caller<V> | undefined = item; caller; caller = caller.next)
    if (caller.resolve) {
      caller.release?.()
      if (isValue) caller.resolve(result as V)
      else caller.reject(result)
    }
}

/** Takes one caller out; without any its key is dropped, and without keys what is under way is cancelled. */
export function leave<K, V>(item: Item<K, V>, caller: Caller<V>, reason: unknown): void {
  caller.resolve = undefined
  caller.release?.()
  caller.reject(reason)
  if (!--item.waiting && !--item.group.size) item.group.cancellation?.abort(reason)
}
