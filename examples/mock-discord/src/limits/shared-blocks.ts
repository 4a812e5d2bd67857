/** Resources that refuse everyone for a while, whoever used them up. */
export class SharedBlocks {
  readonly #untilMs = new Map<string, number>()

  /** Blocks every resource of a rule when `major` is left out. */
  add(rule: string, major: string | undefined, forMs: number, now: number): void {
    for (const [key, until] of this.#untilMs) if (until <= now) this.#untilMs.delete(key)
    this.#untilMs.set(major === undefined ? rule : `${rule}\n${major}`, now + forMs)
  }

  waitMs(rule: string, major: string, now: number): number {
    if (this.#untilMs.size === 0) return 0
    const until = this.#untilMs.get(rule) ?? this.#untilMs.get(`${rule}\n${major}`) ?? 0
    return until - now
  }

  clear(): void {
    this.#untilMs.clear()
  }
}
