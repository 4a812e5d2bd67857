/** Runs tasks one after another, per channel: what was written first is sent first. */
export class SendQueue {
  readonly #last = new Map<string, Promise<void>>()

  /** Whether a task for this channel would have to wait. */
  isBusy(channelId: string): boolean {
    return this.#last.has(channelId)
  }

  /** Runs a task, which must not reject, when those before it have ended. */
  push(channelId: string, task: () => Promise<void>): void {
    const before = this.#last.get(channelId)
    const run = (before ? before.then(task) : task()).then(() => {
      if (this.#last.get(channelId) === run) this.#last.delete(channelId)
    })
    this.#last.set(channelId, run)
  }
}
