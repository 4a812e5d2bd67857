/** The most tabs that are counted: more share places. */
const mostTabs = 100

/** Which tabs there are, as far as they said so: each has the same list, and so knows its own place. */
export class TabRoster {
  readonly #self: string
  readonly #others = new Set<string>()

  constructor(self: string) {
    this.#self = self
  }

  /** How many other tabs there are. */
  get others(): number {
    return this.#others.size
  }

  /** This tab's place among all, from 0. */
  get rank(): number {
    return [...this.#others].filter((other) => other < this.#self).length
  }

  add(tab: string): void {
    if (tab !== this.#self && this.#others.size < mostTabs) this.#others.add(tab)
  }

  remove(tab: string): void {
    this.#others.delete(tab)
  }

  clear(): void {
    this.#others.clear()
  }
}
