/** How many invalid requests one address may send, and what follows. */
export interface InvalidLimit {
  readonly limit: number
  readonly windowMs: number
  readonly banMs: number
}

/**
 * 10,000 in 10 minutes (Discord's rate limits page); users report bans of about an hour.
 */
export const invalidLimit: InvalidLimit = { limit: 10_000, windowMs: 600_000, banMs: 3_600_000 }

interface Address {
  count: number
  resetAt: number
  bannedUntil: number
}

/** Counts the 401, 403 and 429 each address draws, and bans those that draw too many. */
export class InvalidRequests {
  readonly #addresses = new Map<string, Address>()
  #sweepAt = 1024
  limit: InvalidLimit = invalidLimit

  isBanned(ip: string, now: number): boolean {
    return (this.#addresses.get(ip)?.bannedUntil ?? 0) > now
  }

  /** Counts one; true when it is the one that bans. */
  count(ip: string, now: number): boolean {
    const address = this.#address(ip, now)
    if (++address.count < this.limit.limit || address.bannedUntil > now) return false
    address.bannedUntil = now + this.limit.banMs
    return true
  }

  ban(ip: string, forMs: number, now: number): void {
    this.#address(ip, now).bannedUntil = now + forMs
  }

  reset(): void {
    this.#addresses.clear()
  }

  get size(): number {
    return this.#addresses.size
  }

  #address(ip: string, now: number): Address {
    let address = this.#addresses.get(ip)
    if (!address) {
      if (this.#addresses.size > this.#sweepAt) {
        for (const [old, { resetAt, bannedUntil }] of this.#addresses) {
          if (now >= resetAt && now >= bannedUntil) this.#addresses.delete(old)
        }
        this.#sweepAt = Math.max(1024, this.#addresses.size * 2)
      }
      address = { count: 0, resetAt: now + this.limit.windowMs, bannedUntil: 0 }
      this.#addresses.set(ip, address)
    } else if (now >= address.resetAt) {
      address.count = 0
      address.resetAt = now + this.limit.windowMs
    }
    return address
  }
}
