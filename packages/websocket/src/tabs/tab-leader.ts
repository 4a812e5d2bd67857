import { errorCode } from '@evenkeel/core'
import type { PlatformSignal, PlatformSignals } from '@evenkeel/core/network'
import { byteLength } from '../byte-length.ts'
import type { SocketEvents, Tell } from '../events.ts'
import { type Machine, startMachine } from '../machine.ts'
import type { DropReason, SocketData } from '../outbound-queue.ts'
import { sendOpen } from '../send-open.ts'
import type { Failure, SendOptions } from '../send-options.ts'
import type { Settings } from '../settings.ts'
import type { Lead, TabEvent, TabMessage } from './tab-message.ts'
import type { Route, TabOutbox } from './tab-outbox.ts'

type Request = Extract<TabMessage, { type: 'send' | 'reconnect' | 'advise' }>

/** What became of a message that the connection did not take. */
export type Refusal = DropReason | 'failed'

const refusals: Readonly<Record<string, Refusal>> = {
  QUEUE_FULL: 'overflow',
  SESSION_LOST: 'sessionLost',
  SOCKET_CLOSED: 'closed',
}

/** Says why a message was refused. */
export function refusalOf(failure: Failure): Refusal {
  return typeof failure === 'string'
    ? failure
    : (refusals[errorCode(failure.error) ?? ''] ?? 'failed')
}

/** Of all tabs the one that somebody sees decides whether somebody looks. */
function signalsOfAll(own: PlatformSignals, isSeen: () => boolean) {
  const listeners = new Set<(signal: PlatformSignal) => void>()
  return {
    isOnline: () => own.isOnline(),
    isVisible: () => own.isVisible() || isSeen(),
    listen(listener: (signal: PlatformSignal) => void) {
      const release = own.listen(listener)
      listeners.add(listener)
      return () => {
        release()
        listeners.delete(listener)
      }
    },
    tell(signal: PlatformSignal) {
      for (const listener of listeners) listener(signal)
    },
  }
}

/** Holds the one connection for all tabs. */
export class TabLeader {
  readonly machine: Machine
  readonly #signals: ReturnType<typeof signalsOfAll>
  readonly #seen = new Set<string>()
  readonly #maxBytes: number
  #url: string
  #protocol = ''
  #extensions = ''

  /** `tell` hears what every tab shall hear, and the state after it. */
  constructor(settings: Settings, tell: (event: TabEvent) => void) {
    this.#url = settings.fixedUrl ?? ''
    this.#maxBytes = settings.maxBytes
    this.#signals = signalsOfAll(settings.signals, () => this.#seen.size > 0)
    const hear = <K extends keyof SocketEvents>(name: K, detail: SocketEvents[K]): void => {
      // Of what was never handed over only the tab it came from is told.
      if (name === 'undelivered' && (detail as { outcome: string }).outcome !== 'unknown') return
      if (name === 'opened') this.#opened()
      // Errors may hold what can't be cloned.
      const { error: _, ...rest } = detail as { error?: unknown }
      tell({ name, detail: rest } as unknown as TabEvent)
    }
    this.machine = startMachine({ ...settings, signals: this.#signals }, 'arraybuffer', hear)
  }

  /** Bytes that wait in it or in the connection. */
  get bufferedAmount(): number {
    const { delivery, inner } = this.machine
    return (delivery.queue?.bytes ?? 0) + (inner?.bufferedAmount ?? 0)
  }

  facts(): Omit<Lead, 'type' | 'from' | 'term' | 'event'> {
    const { state } = this.machine
    return { state, url: this.#url, protocol: this.#protocol, extensions: this.#extensions }
  }

  /** Sends for a tab, and says once whether the connection took it. */
  send(data: SocketData, options: SendOptions, settled: (refusal?: Refusal) => void): void {
    try {
      sendOpen(this.machine, data, options, (failure) => settled(failure && refusalOf(failure)))
    } catch (error) {
      settled(refusalOf({ error }))
    }
  }

  /** The way of this tab's own messages: from here on they are the connection's. */
  routeOf(outbox: TabOutbox, tell: Tell): Route {
    return (id, { data, options }) => {
      outbox.settle(id)
      this.send(data, options, (outcome) => {
        if (outcome) tell('undelivered', { data, outcome })
      })
      return true
    }
  }

  /** Does what another tab asks of the tab with the connection; `isLeaving` when it is giving that up. */
  serve(message: Request, post: (answer: TabMessage) => void, isLeaving: () => boolean): void {
    if (message.type === 'reconnect') this.machine.reconnect()
    else if (message.type === 'advise') this.machine.advise(message.advice)
    else {
      const { from: to, id, data, options } = message
      const answer = (outcome?: Refusal): void => {
        // What still waits is posted to the next tab with the connection.
        if (outcome === 'closed' && isLeaving()) return
        post(outcome ? { type: 'refused', to, id, outcome } : { type: 'taken', to, id })
      }
      if (byteLength(data) > this.#maxBytes) answer('overflow')
      else this.send(data, options, answer)
    }
  }

  /** Another tab says whether somebody sees it. */
  see(tab: string, isVisible: boolean): void {
    if (!isVisible) this.#seen.delete(tab)
    else if (!this.#seen.has(tab)) {
      this.#seen.add(tab)
      this.#signals.tell('visible')
    }
  }

  #opened(): void {
    const { inner } = this.machine
    this.#url = inner?.url || this.#url
    this.#protocol = inner?.protocol ?? ''
    this.#extensions = inner?.extensions ?? ''
  }
}
