import type { Loss } from '@evenkeel/websocket'
import type { Kernel } from '../kernel/kernel.ts'
import { Ring } from '../kernel/ring.ts'
import type { Reconnects } from './reconnects.ts'

/** The gateway that a herd comes back through. */
export interface HerdGateway {
  /** How many handshakes it can do. */
  readonly acceptsPerSecond: number
  /** How many dials may wait for theirs; more are refused. */
  readonly acceptQueue: number
  /** Whether clients see that it was a 503, as `ws` does and browsers do not. */
  readonly showsStatus: boolean
  /** How long a dial waits. */
  readonly dialTimeoutMs: number
}

/** How sockets are dropped. */
export interface HerdDrop {
  /** With which close code; 1006 is a line that breaks. */
  readonly code: number
  /** Whether the close says how wide to spread: 1.1 × the dropped ÷ accepts. */
  readonly hint: boolean
}

/** The stages of a socket. */
const stage = { fresh: 0, waiting: 1, dialling: 2, open: 3 } as const

/** Sockets, and the gateway that they dial when they are dropped. */
export class HerdWorld {
  /** How many are open. */
  open = 0
  dials = 0
  /** Handshakes that were done, and those of them for dials that had been given up. */
  accepted = 0
  wasted = 0
  readonly #kernel: Kernel
  readonly #gateway: HerdGateway
  readonly #reconnects: Reconnects
  readonly #opened: () => void
  readonly #states: Uint8Array
  /** Which dial of a socket is the present one. */
  readonly #stamps: Uint32Array
  readonly #queue = new Ring()
  readonly #dial: number
  readonly #accept: number
  readonly #timeouts

  /** `opened` is told of each dial that opened. */
  constructor(
    kernel: Kernel,
    sockets: number,
    reconnects: Reconnects,
    gateway: HerdGateway,
    opened: () => void,
  ) {
    this.#kernel = kernel
    this.#gateway = gateway
    this.#reconnects = reconnects
    this.#opened = opened
    this.#states = new Uint8Array(sockets)
    this.#stamps = new Uint32Array(sockets)
    this.#dial = kernel.on((socket) => this.#dialled(socket))
    this.#accept = kernel.on(() => this.#acceptedNext())
    this.#timeouts = kernel.lane(gateway.dialTimeoutMs, (socket, stamp) => {
      if (this.#states[socket] === stage.dialling && this.#stamps[socket] === stamp)
        this.#lost(socket, { cause: 'timeout' })
    })
  }

  /** Opens all of them, as before anything happened. */
  openAll(): void {
    this.#states.fill(stage.open)
    this.open = this.#states.length
  }

  /** Drops a socket, with so many others, unless it dials. */
  drop(socket: number, { code, hint }: HerdDrop, dropped: number): void {
    const { fresh, open } = stage
    if (this.#states[socket] !== fresh && this.#states[socket] !== open) return
    if (this.#states[socket] === open) this.open--
    const windowMs = (1100 * dropped) / this.#gateway.acceptsPerSecond
    if (hint) this.#reconnects.advise?.(socket, windowMs, this.#kernel.nowMs)
    this.#lost(socket, { phase: 'open', code, cause: code === 1006 ? 'network' : 'server' })
  }

  #lost(socket: number, facts: Partial<Loss>): void {
    const kernel = this.#kernel
    const base = { code: 1006, reason: '', wasClean: false, cause: 'network' } as const
    const loss: Loss = { ...base, phase: 'connecting', ...facts }
    this.#states[socket] = stage.waiting
    const delayMs = this.#reconnects.delayMs(socket, loss, kernel.nowMs)
    if (delayMs < Infinity) kernel.at(kernel.nowMs + delayMs, this.#dial, socket)
  }

  #dialled(socket: number): void {
    const { acceptQueue, acceptsPerSecond, showsStatus } = this.#gateway
    this.dials++
    if (this.#queue.length >= acceptQueue) {
      this.#lost(socket, showsStatus ? { cause: 'handshake', status: 503 } : {})
      return
    }
    const stamp = (this.#stamps[socket] as number) + 1
    this.#stamps[socket] = stamp
    this.#states[socket] = stage.dialling
    this.#queue.push(socket, stamp)
    this.#kernel.after(this.#timeouts, socket, stamp)
    if (this.#queue.length === 1)
      this.#kernel.at(this.#kernel.nowMs + 1000 / acceptsPerSecond, this.#accept, 0)
  }

  #acceptedNext(): void {
    const queue = this.#queue
    const socket = queue.shift()
    if (queue.length)
      this.#kernel.at(this.#kernel.nowMs + 1000 / this.#gateway.acceptsPerSecond, this.#accept, 0)
    this.accepted++
    if (this.#states[socket] !== stage.dialling || this.#stamps[socket] !== queue.stamp) {
      this.wasted++
      return
    }
    this.#states[socket] = stage.open
    this.#reconnects.opened(socket)
    this.open++
    this.#opened()
  }
}
