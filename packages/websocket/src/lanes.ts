import type { Priority } from '@evenkeel/core'
import type { QueueOptions } from './options.ts'
import { OutboundQueue, type Queued } from './outbound-queue.ts'

const priorityOf = ({ options }: Queued): Priority => options.priority ?? 'important'

/** A queue in which the most important goes first, and a message can replace an older one. */
class LanedQueue extends OutboundQueue {
  // Lowest priority first. A set keeps the order and gives up any of its members at once.
  readonly #lanes: Readonly<Record<Priority, Set<Queued>>> = {
    deferred: new Set(),
    important: new Set(),
    critical: new Set(),
  }
  readonly #byKey = new Map<string, Queued>()

  override get size(): number {
    const { deferred, important, critical } = this.#lanes
    return deferred.size + important.size + critical.size
  }

  override add(message: Queued): boolean {
    const { coalesceKey } = message.options
    const older = coalesceKey === undefined ? undefined : this.#byKey.get(coalesceKey)
    const victims = this.#victims(message, older)
    if (!victims) {
      if (this.limits.overflow === 'reject') return false
      this.onDrop(message, 'overflow')
      return true
    }
    for (const victim of victims) this.drop(victim, 'overflow')
    if (older) this.drop(older, 'superseded')
    this.#lanes[priorityOf(message)].add(message)
    if (coalesceKey !== undefined) this.#byKey.set(coalesceKey, message)
    this.bytes += message.bytes
    return true
  }

  override take(): Queued | undefined {
    const { critical, important, deferred } = this.#lanes
    for (const lane of [critical, important, deferred])
      for (const message of lane) {
        this.remove(message)
        return message
      }
    return undefined
  }

  protected override *all(): Iterable<Queued> {
    for (const lane of Object.values(this.#lanes)) yield* lane
  }

  protected override remove(message: Queued): void {
    const { coalesceKey = '' } = message.options
    this.#lanes[priorityOf(message)].delete(message)
    if (this.#byKey.get(coalesceKey) === message) this.#byKey.delete(coalesceKey)
    this.bytes -= message.bytes
  }

  /** Whom to drop to make room: oldest of the lowest priority first, and nobody more important than the message. */
  #victims(message: Queued, older: Queued | undefined): Queued[] | undefined {
    const { maxMessages, maxBytes, overflow } = this.limits
    let size = this.size + 1 - (older ? 1 : 0)
    let bytes = this.bytes + message.bytes - (older?.bytes ?? 0)
    const fits = (): boolean => size <= maxMessages && bytes <= maxBytes
    const victims: Queued[] = []
    if (overflow === 'drop-oldest' && message.bytes <= maxBytes)
      for (const [priority, lane] of Object.entries(this.#lanes)) {
        for (const each of lane) {
          if (fits()) break
          if (each === older) continue
          victims.push(each)
          size--
          bytes -= each.bytes
        }
        if (priority === priorityOf(message)) break
      }
    return fits() ? victims : undefined
  }
}

/**
 * Gives a queue the options of `send` that a plain one refuses, `priority` and `coalesceKey`: for the option
 * `queue` of the drop-in class. A `resilientSocket` has them by itself.
 */
export function lanes(options: QueueOptions = {}): QueueOptions {
  return { ...options, kind: LanedQueue }
}
