import type { Random } from '@evenkeel/core'
import type { Loss } from '@evenkeel/websocket'
import type { HerdServer } from './herd-server.ts'
import { VirtualTime } from './virtual-time.ts'

/** What a client hears of a dial, and of the connection that came of it. */
export interface LineHandlers {
  onOpen(): void
  onLoss(loss: Loss): void
}

/** A dial, and the connection that came of it. */
export interface Line {
  /** Lets go of it: its client hears nothing more. */
  close(): void
}

/** Starts one client, which dials at once, and again after each loss. */
export type StartClient = (world: HerdWorld) => void

/** When clients connect: long enough before the loss for every library to call its connection stable. */
const connectsAtMs = -10_000

const dropped: Loss = {
  code: 1006,
  reason: '',
  wasClean: false,
  phase: 'open',
  cause: 'network',
}

/** A server, its clients and their time; at instant 0 all connections are lost. */
export class HerdWorld {
  readonly time = new VirtualTime(connectsAtMs)
  readonly random: Random
  readonly endMs: number
  /** How many dials began, and how many connections opened, in each millisecond since the loss. */
  readonly dials: Uint32Array
  readonly opens: Uint32Array
  readonly #server: HerdServer
  readonly #open = new Set<LineHandlers>()

  constructor(server: HerdServer, endMs: number, random: Random) {
    this.#server = server
    this.endMs = endMs
    this.random = random
    this.dials = new Uint32Array(endMs + 1)
    this.opens = new Uint32Array(endMs + 1)
  }

  get connected(): number {
    return this.#open.size
  }

  dial(handlers: LineHandlers): Line {
    const { nowMs } = this.time
    const isBefore = nowMs < 0
    if (!isBefore) count(this.dials, nowMs)
    const answer = isBefore ? { opensAtMs: nowMs } : this.#server(nowMs)
    let isClosed = false
    const settle = (): void => {
      if (isClosed) return
      if ('loss' in answer) {
        handlers.onLoss(answer.loss)
        return
      }
      if (!isBefore) count(this.opens, this.time.nowMs)
      this.#open.add(handlers)
      handlers.onOpen()
    }
    this.time.at('loss' in answer ? answer.failsAtMs : answer.opensAtMs, settle)
    return {
      close: () => {
        isClosed = true
        this.#open.delete(handlers)
      },
    }
  }

  /** Loses every connection at once. */
  dropAll(): void {
    const lost = [...this.#open]
    this.#open.clear()
    for (const { onLoss } of lost) onLoss(dropped)
  }
}

function count(perMs: Uint32Array, atMs: number): void {
  perMs[atMs] = (perMs[atMs] as number) + 1
}
