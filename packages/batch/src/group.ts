import { Cancellation, type Priority, type Release, type Timer } from '@evenkeel/core'

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
  /** How many wait; with none the key is of no interest. */
  waiting: number
  /** The group it travels with. */
  group: Group<K, V>
}

const order: readonly Priority[] = ['deferred', 'important', 'critical']

/** Keys that travel together. */
export class Group<K, V> {
  /** By id while it gathers: `__proto__` is one like any other. */
  readonly byId: Map<unknown, Item<K, V>> = new Map()
  items: Item<K, V>[] = []
  /** How many of them somebody waits for. */
  size = 0
  readonly beganAtMs: number
  /** When its window ends. */
  sendAtMs: number = Infinity
  timer: Timer | undefined = undefined
  bytes = 0
  /** That of the most important call. */
  priority: Priority = 'deferred'
  /** When its last call gives up. */
  deadlineAtMs: number = -Infinity
  /** Cancels what is under way when nobody waits any more. */
  readonly cancellation: Cancellation = new Cancellation()

  constructor(beganAtMs: number) {
    this.beganAtMs = beganAtMs
  }

  /** Adds one who waits for a key. */
  join(
    id: unknown,
    key: K,
    bytes: number,
    resolve: (value: V) => void,
    reject: (reason: unknown) => void,
  ): Caller<V> {
    const item = this.byId.get(id)
    // One that all have left is on its way out.
    if (item?.waiting) {
      item.waiting++
      item.next = { resolve, reject, next: item.next }
      return item.next
    }
    // What few callers need is not there until they do: a tenth of the time goes into making these.
    const first: Item<K, V> = { resolve, reject, key, waiting: 1, group: this }
    this.byId.set(id, first)
    this.items.push(first)
    this.size++
    this.bytes += bytes
    return first
  }

  /** Takes in what a call that joins asks for. */
  heed(priority: Priority, deadlineAtMs: number): void {
    if (priority !== this.priority && order.indexOf(priority) > order.indexOf(this.priority))
      this.priority = priority
    if (deadlineAtMs > this.deadlineAtMs) this.deadlineAtMs = deadlineAtMs
  }

  /** Drops the keys that nobody waits for. */
  sweep(): void {
    if (this.size < this.items.length) this.items = this.items.filter(({ waiting }) => waiting)
  }

  /** Rejects all who wait, each for its own reason. */
  fail(reasonOf: (item: Item<K, V>) => unknown): void {
    for (const item of this.items) if (item.waiting) settle(item, false, reasonOf(item))
  }

  /** The same keys in two groups. */
  halves(): readonly Group<K, V>[] {
    this.sweep()
    const middle = Math.ceil(this.size / 2)
    return [this.items.slice(0, middle), this.items.slice(middle)].map((items) => {
      const half = new Group<K, V>(this.beganAtMs)
      half.heed(this.priority, this.deadlineAtMs)
      half.items = items
      half.size = items.length
      for (const item of items) item.group = half
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
  if (!--item.waiting && !--group.size) group.cancellation.abort(reason)
}
