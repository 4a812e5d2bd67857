import type { Batch } from '@evenkeel/batch'
import { Cancellation, EvenkeelError, type Reached } from '@evenkeel/core'
import type { ResilientSocket } from '@evenkeel/websocket'

/** An `AbortController` that is none until somebody wants its signal: where nothing may begin yet (Workers), none can be made. */
class Ending extends Cancellation {
  aborted = false
  reason: unknown

  override abort(reason: unknown): void {
    this.aborted = true
    this.reason = reason
    super.abort(reason)
  }
}

/** What of a client is under way, and whether more may begin. */
export class Lifecycle {
  /** Aborts batches. */
  readonly closing: Ending = new Ending()
  /** Aborts calls. */
  readonly ending: Ending = new Ending()
  readonly #key: string | undefined
  /** Of which loads are under way. */
  readonly #batches = new Set<Batch<never, unknown>>()
  readonly #sockets = new Set<ResilientSocket>()
  readonly #whenIdle: (() => void)[] = []
  #underWay = 0
  #loads = 0
  #isDraining = false

  constructor(key: string | undefined) {
    this.#key = key
  }

  /** Why nothing may begin any more; while batches are drained, their calls may. */
  get refusal(): EvenkeelError | undefined {
    const isOver = this.closing.aborted || (this.#isDraining && this.#loads === 0)
    return isOver ? this.#closed('The client has been closed', 'no') : undefined
  }

  /** Counts a call until it has ended. */
  track<T>(call: Promise<T>): Promise<T> {
    this.#underWay++
    const end = (): void => {
      if (--this.#underWay === 0) for (const tell of this.#whenIdle.splice(0)) tell()
    }
    call.then(end, end)
    return call
  }

  /** Counts the loads of a batch, and sends it when the client is drained. */
  batch<K, V>(batch: Batch<K, V>): Batch<K, V> {
    const known = batch as Batch<never, unknown>
    let own = 0
    return {
      ...batch,
      load: (key, options) => {
        if (this.#isDraining) return Promise.reject(this.#closed('The client is closing', 'no'))
        this.#loads++
        own++
        this.#batches.add(known)
        const end = (): void => {
          this.#loads--
          if (--own === 0) this.#batches.delete(known)
        }
        const load = batch.load(key, options)
        load.then(end, end)
        return this.track(load)
      },
    }
  }

  /** Waits for the end of a socket when the client is closed. */
  socket(socket: ResilientSocket): ResilientSocket {
    this.#sockets.add(socket)
    if (this.closing.aborted) socket.close()
    socket.on('closed', () => this.#sockets.delete(socket))
    return socket
  }

  /** Lets nothing new begin; resolves when nothing is under way. */
  drain(): Promise<void> {
    this.#isDraining = true
    for (const batch of this.#batches) batch.flush()
    if (this.#underWay === 0) return Promise.resolve()
    return new Promise((resolve) => this.#whenIdle.push(resolve))
  }

  /** Ends all at once; resolves when sockets have said goodbye. */
  async end(): Promise<void> {
    const sockets = [...this.#sockets]
    this.closing.abort(this.#closed('The client has been closed', 'no'))
    for (const socket of sockets) socket.close()
    // What has been drained may still be read.
    if (!this.#isDraining || this.#underWay > 0)
      this.ending.abort(this.#closed('The client was closed while a call was under way', 'maybe'))
    await Promise.all(sockets.map((socket) => socket.closed()))
  }

  #closed(message: string, reached: Reached): EvenkeelError {
    return new EvenkeelError('CLIENT_CLOSED', message, { key: this.#key, reached })
  }
}
