import { onAbort, type Release } from '@evenkeel/core'
import type { Advice } from '../advice.ts'
import type { Closed, SocketState, Tell } from '../events.ts'
import { socketClosed } from '../not-sent.ts'
import type { SocketData } from '../outbound-queue.ts'
import { sendOpen } from '../send-open.ts'
import type { SendOptions } from '../send-options.ts'
import type { Settings } from '../settings.ts'
import { refusalOf, TabLeader } from './tab-leader.ts'
import { TabLink } from './tab-link.ts'
import type { Lead, TabEvent, TabMessage } from './tab-message.ts'
import { TabOutbox } from './tab-outbox.ts'
import type { TabPlatform } from './tab-platform.ts'
import { takeTurn } from './tab-turn.ts'
import { TabView } from './tab-view.ts'

/** One tab's part in a connection that all tabs share: it holds it, or talks to the tab that does. */
export class TabSocket {
  /** Messages of the channel that were none of its own. */
  ignoredMessages = 0
  readonly #settings: Settings
  readonly #platform: TabPlatform | undefined
  readonly #tell: Tell
  readonly #outbox: TabOutbox
  readonly #view: TabView
  #leader: TabLeader | undefined
  #link: TabLink | undefined
  #leaderId: string | undefined
  #term = 0
  #isLeaving = false
  #isReferenced = true
  #releases: Release[] = []

  constructor(settings: Settings, platform: TabPlatform | undefined, tell: Tell) {
    const { clock } = settings
    this.#settings = settings
    this.#platform = platform
    this.#tell = tell
    this.#view = new TabView(tell)
    this.#outbox = new TabOutbox(settings, clock, (data, outcome) =>
      tell('undelivered', { data, outcome }),
    )
    this.#start()
  }

  /** The connection, as last heard of. */
  get seen(): TabView['seen'] {
    return this.#view.seen
  }

  get state(): SocketState {
    return this.#isLeaving && this.seen.state !== 'closed' ? 'closing' : this.seen.state
  }

  get leader(): TabLeader | undefined {
    return this.#leader
  }

  get bufferedAmount(): number {
    return this.#outbox.bytes + (this.#leader?.bufferedAmount ?? 0)
  }

  /** @throws `QUEUE_FULL`, `SOCKET_CLOSED`, and what the socket underneath throws */
  send(data: SocketData, options: SendOptions): void {
    if (this.#leader) {
      sendOpen(this.#leader.machine, data, options, (failure) => {
        if (failure) this.#tell('undelivered', { data, outcome: refusalOf(failure) })
      })
    } else if (options.beforeReady && this.seen.state !== 'open') throw socketClosed()
    else this.#outbox.send(data, options)
  }

  /** Leaves: of the tab with the connection that ends it, and another one's turn begins. */
  close(code?: number, reason?: string): void {
    if (this.#isLeaving || this.seen.state === 'closed') return
    this.#isLeaving = true
    if (this.#leader) this.#leader.machine.close(code, reason)
    else queueMicrotask(() => this.#finish(this.#view.farewell(code, reason)))
  }

  reconnect(): void {
    if (this.seen.state === 'closed') this.#start()
    else if (this.#leader) this.#leader.machine.reconnect()
    else if (this.#leaderId) this.#link?.post({ type: 'reconnect', to: this.#leaderId })
  }

  advise(advice: Advice): void {
    if (this.#leader) this.#leader.machine.advise(advice)
    else if (this.#leaderId) this.#link?.post({ type: 'advise', to: this.#leaderId, advice })
  }

  /** Lets a Node process live for it, or no longer. */
  reference(isReferenced: boolean): void {
    this.#isReferenced = isReferenced
    this.#link?.reference(isReferenced)
    this.#leader?.machine.reference(isReferenced)
  }

  #start(): void {
    const { signal, signals } = this.#settings
    if (signal?.aborted && this.seen.state === 'closed') return
    this.#view.reset()
    this.#isLeaving = false
    this.#releases = [onAbort(signal, () => this.close())]
    const lead = (): void => this.#lead()
    const { name = '', locks, channel } = this.#platform ?? {}
    const line = channel?.(name)
    if (!locks || !line) {
      lead()
      return
    }
    this.#link = new TabLink(
      line,
      (message) => this.#hear(message),
      () => this.ignoredMessages++,
    )
    this.#link.reference(this.#isReferenced)
    this.#greet()
    this.#releases.push(signals.listen(() => this.#greet()))
    this.#releases.push(takeTurn(locks, name, lead, lead))
  }

  #greet(): void {
    if (!this.#platform || this.#leader) return
    const isVisible = this.#settings.signals.isVisible()
    this.#link?.post({ type: 'hello', from: this.#platform.id, isVisible })
  }

  /** This tab's turn has come: it makes the connection. */
  #lead(): void {
    if (this.#isLeaving || this.#leader) return
    this.#term = Math.max(this.#term + 1, this.#settings.clock.wallNow())
    this.#leader = new TabLeader({ ...this.#settings, signal: undefined }, (event) =>
      this.#say(event),
    )
    this.#leader.machine.reference(this.#isReferenced)
    this.#say(undefined, true)
    this.#outbox.routeBy(this.#leader.routeOf(this.#outbox, this.#tell))
  }

  /** Tells all tabs, and this one last. */
  #say(event?: TabEvent, isNew = false): void {
    if (!this.#leader) return
    const from = this.#platform?.id ?? ''
    const lead: Lead = { type: 'lead', from, term: this.#term, ...this.#leader.facts(), event }
    if (!this.#isLeaving) this.#link?.post(lead)
    this.#see(lead, isNew)
  }

  #hear(message: TabMessage): void {
    const { type } = message
    const leader = this.#leader
    if (type === 'lead') this.#follow(message)
    else if (type === 'hello') {
      if (!leader || this.#isLeaving) return
      leader.see(message.from, message.isVisible)
      this.#say()
    } else if (message.to !== this.#platform?.id) return
    else if (type === 'taken') this.#outbox.settle(message.id)
    else if (type === 'refused') this.#outbox.settle(message.id, message.outcome)
    else
      leader?.serve(
        message,
        (answer) => this.#link?.post(answer),
        () => this.#isLeaving,
      )
  }

  #follow(lead: Lead): void {
    if (this.#leader || this.#isLeaving || lead.term < this.#term) return
    const isNew = lead.from !== this.#leaderId
    this.#leaderId = lead.from
    this.#term = lead.term
    this.#see(lead, isNew)
    if (!isNew || this.#isLeaving || this.seen.state === 'closed') return
    this.#greet()
    const { from: to } = lead
    const { id: from = '' } = this.#platform ?? {}
    this.#outbox.routeBy(
      (id, message) => this.#link?.post({ type: 'send', from, to, id, ...message }) ?? false,
    )
  }

  #see(lead: Lead, isNew = false): void {
    const closed = this.#view.take(lead, isNew)
    if (closed) this.#finish(closed)
  }

  /** Lets go of lock, channel, timers and listeners. */
  #finish(closed: Closed): void {
    this.#view.seen = { ...this.seen, state: 'closed' }
    this.#leader = this.#leaderId = undefined
    for (const release of this.#releases.splice(0)) release()
    this.#link?.close()
    this.#link = undefined
    this.#outbox.routeBy(undefined)
    this.#outbox.clear()
    this.#tell('closed', closed)
  }
}
