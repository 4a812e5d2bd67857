import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { type NetworkShape, TcpPath } from './tcp-path.ts'

interface Due {
  readonly atMs: number
  deliver(): void
}

/** Carries what comes in at one socket out at another, as slowly as a network would. */
export class ShapedPipe {
  readonly #to: Socket
  readonly #shape: () => NetworkShape
  readonly #path: TcpPath
  readonly #notBeforeMs: number
  #due: Due[] = []
  #timer: NodeJS.Timeout | undefined
  #isSilent = false

  constructor(
    from: Socket,
    to: Socket,
    shape: () => NetworkShape,
    random: () => number,
    notBeforeMs: number,
  ) {
    this.#to = to
    this.#shape = shape
    this.#path = new TcpPath(random)
    this.#notBeforeMs = notBeforeMs
    from.on('data', (chunk: Buffer) => this.#carry(chunk))
    from.on('end', () => this.#later(() => to.end()))
    // Who resets a connection is heard at the other side, too.
    from.on('error', () => this.#later(() => to.resetAndDestroy()))
  }

  /** Carries nothing any more, and tells nobody. */
  silence(): void {
    this.#isSilent = true
    this.stop()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#due = []
  }

  #carry(chunk: Buffer): void {
    if (this.#isSilent) return
    let sent = 0
    for (const { bytes, atMs } of this.#path.send(chunk.length, this.#nowMs(), this.#shape())) {
      const part = chunk.subarray(sent, sent + bytes)
      sent += bytes
      this.#due.push({ atMs, deliver: () => this.#to.write(part) })
    }
    this.#arm()
  }

  #later(deliver: () => void): void {
    if (this.#isSilent) return
    const lastMs = this.#due.at(-1)?.atMs ?? 0
    this.#due.push({ atMs: Math.max(lastMs, this.#nowMs() + this.#shape().latencyMs), deliver })
    this.#arm()
  }

  #nowMs(): number {
    return Math.max(performance.now(), this.#notBeforeMs)
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const [next] = this.#due
    if (next)
      this.#timer = setTimeout(() => this.#pump(), Math.max(0, next.atMs - performance.now()))
  }

  #pump(): void {
    while (this.#due[0] && this.#due[0].atMs <= performance.now()) this.#due.shift()?.deliver()
    this.#arm()
  }
}
