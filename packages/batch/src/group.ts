import type { Cancellation, Priority } from '@evenkeel/core'

/** From the least important on. */
export const order: readonly Priority[] = ['deferred', 'important', 'critical']

/** Up to so many keys are found sooner by a look at each than by a table. */
const few = 16

/** What of a key is not as of all others. */
interface Entry<K, V> {
  readonly place: number
  /** How many wait for it. */
  waiting: number
  /** Where it has gone over to. */
  heir?: Group<K, V>
}

const next = <K, V>(group: Group<K, V>): V | PromiseLike<V> => group.next()

/**
 * Keys that travel together. Neither a key nor a call has an object of its own, and all calls wait for one promise: to
 * make these took a large batch a fifth of its time.
 */
export class Group<K, V> {
  /** How many keys somebody waits for. */
  size = 0
  /** How many calls wait for them. */
  callers = 0
  /** That of the most important call. */
  priority: Priority = 'deferred'
  /** When its last call gives up. */
  deadlineAtMs: number = -Infinity
  /** Cancels it once it is under way. */
  cancellation: Cancellation | undefined
  /** In the order they came; whole once it is sealed. */
  keys: K[] = []
  /** What makes two keys the same: the array of the keys, where that is the key. */
  ids: unknown[]
  /** The ids once they are many: `__proto__` is an id like any other. */
  #known: Set<unknown> | undefined
  /** By id, once a key is asked for again, or left. */
  #entries: Map<unknown, Entry<K, V>> | undefined
  #results: readonly unknown[] = []
  /** How many keys have told their first call. */
  #told = 0
  readonly #over: Promise<Group<K, V>>
  #resolve!: (group: Group<K, V>) => void
  #reject!: (reason: unknown) => void

  constructor(hasIds: boolean) {
    this.ids = hasIds ? [] : this.keys
    this.#over = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Waits for what a key comes to. */
  join(key: K, id: unknown): Promise<V> {
    this.callers++
    if (this.#note(id)) {
      this.size++
      if (this.keys !== this.ids) this.keys.push(key)
      this.#entries?.set(id, { place: this.#entries.size, waiting: 1 })
      return this.#over.then(next)
    }
    const entry = this.#entry(id)
    if (!entry.waiting++) this.size++
    return this.#over.then(() => this.#at(entry.place))
  }

  /** Takes in what a call that joins asks for. */
  heed(priority: Priority, deadlineAtMs: number): void {
    if (order.indexOf(priority) > order.indexOf(this.priority)) this.priority = priority
    if (deadlineAtMs > this.deadlineAtMs) this.deadlineAtMs = deadlineAtMs
  }

  /** Takes out a call; without any its key is dropped, and without keys what is under way is cancelled. */
  leave(id: unknown, reason: unknown): void {
    const entry = this.#entry(id)
    this.callers--
    if (--entry.waiting) return
    if (entry.heir) entry.heir.leave(id, reason)
    else if (!--this.size) this.cancellation?.abort(reason)
  }

  /** Takes no more. */
  seal(): this {
    if (this.#known) {
      const ids = [...this.#known]
      if (this.keys === this.ids) this.keys = ids as K[]
      this.ids = ids
    }
    return this
  }

  /** The places of the keys that somebody waits for. */
  places(): number[] {
    return [...this.ids.keys()].filter(
      (place) => this.#entries?.get(this.ids[place])?.waiting !== 0,
    )
  }

  /** Moves the keys at some places into a group of their own; `results` has then what they come to there. */
  part(places: readonly number[], results: unknown[]): Group<K, V> {
    const { keys, ids } = this
    const heir = new Group<K, V>(keys !== (ids as unknown))
    heir.heed(this.priority, this.deadlineAtMs)
    heir.cancellation = this.cancellation
    for (const place of places) {
      results[place] = heir.join(keys[place] as K, ids[place])
      this.#entry(ids[place]).heir = heir
    }
    return heir.seal()
  }

  /** Tells all what their keys came to: values, errors, and promises of what they will. */
  open(results: readonly unknown[]): void {
    this.size = 0
    this.#results = results
    this.#resolve(this)
  }

  /** Tells all that it failed. */
  fail(reason: unknown): void {
    this.size = 0
    this.#reject(reason)
  }

  /** What comes for the first call of the next key: these are told in the order in which they joined. */
  next(): V | PromiseLike<V> {
    return this.#at(this.#told++)
  }

  #at(place: number): V | PromiseLike<V> {
    const result = this.#results[place]
    if (result instanceof Error) throw result
    return result as V
  }

  /** Notes an id, and says whether it is new. */
  #note(id: unknown): boolean {
    const { ids } = this
    if (this.#known) {
      const { size } = this.#known
      return this.#known.add(id).size > size
    }
    // Compares as a table does: NaN is itself, and 0 is -0.
    if (ids.includes(id)) return false
    if (ids.push(id) >= few) this.#known = new Set(ids)
    return true
  }

  #entry(id: unknown): Entry<K, V> {
    this.#entries ??= new Map(
      [...(this.#known ?? this.ids)].map((each, place) => [each, { place, waiting: 1 }]),
    )
    return this.#entries.get(id) as Entry<K, V>
  }
}
