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

const order: readonly Priority[] = ['deferred', 'important', 'critical']

/** Up to so many keys are found sooner by a look at each than by a table. */
const few = 16

/** As a table compares: NaN is the same as NaN. */
const isSame = (id: unknown, other: unknown): boolean =>
  id === other || (Number.isNaN(id) && Number.isNaN(other))

/** Keys that travel together. */
export class Group<K, V> {
  /** How many of them somebody waits for. */
  size = 0
  /** That of the most important call. */
  priority: Priority = 'deferred'
  /** When its last call gives up. */
  deadlineAtMs: number = -Infinity
  /** Cancels it once it is under way. */
  cancellation: Cancellation | undefined = undefined
  /** Its keys, while they are few. */
  #items: Item<K, V>[] = []
  /** Its keys by id, once they are many: `__proto__` is an id like any other. */
  #byId: Map<unknown, Item<K, V>> | undefined = undefined

  /** The key with this id that somebody waits for: one that all have left is on its way out. */
  find(id: unknown): Item<K, V> | undefined {
    if (!this.#byId) return this.#items.find((item) => item.waiting && isSame(item.id, id))
    const item = this.#byId.get(id)
    return item?.waiting ? item : undefined
  }

  add(item: Item<K, V>): void {
    this.size++
    if (this.#byId) this.#byId.set(item.id, item)
    else if (this.#items.push(item) > few)
      this.#byId = new Map(this.#items.map((each) => [each.id, each]))
  }

  /** Takes in what a call that joins asks for. */
  heed(priority: Priority, deadlineAtMs: number): void {
    if (priority !== this.priority && order.indexOf(priority) > order.indexOf(this.priority))
      this.priority = priority
    if (deadlineAtMs > this.deadlineAtMs) this.deadlineAtMs = deadlineAtMs
  }

  /** The keys that somebody waits for. */
  sweep(): readonly Item<K, V>[] {
    const items = this.#byId ? [...this.#byId.values()] : this.#items
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
      half.#items = part
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
  const { group } = item
  caller.resolve = undefined
  caller.release?.()
  caller.reject(reason)
  if (!--item.waiting && !--group.size) group.cancellation?.abort(reason)
}
