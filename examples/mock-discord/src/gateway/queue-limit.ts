import { number, partial, type Reader } from '../options/readers.ts'
import type { ApiRequest } from '../stage.ts'

type Priority = ApiRequest['priority']

/** The share of the queue that requests of a priority may fill. */
export type QueueShares = Readonly<Record<Priority, number>>

/** Reads any part of {@link QueueShares}. */
export const readQueueShares: Reader<Partial<QueueShares>> = partial<QueueShares>({
  critical: number(0, 1),
  important: number(0, 1),
  deferred: number(0, 1),
})

/** Whether a request finds room: deferred ones are refused while important ones still find some, critical ones last. */
export function hasRoom(
  queued: number,
  limit: number,
  shares: QueueShares,
  priority: Priority,
): boolean {
  return queued < limit * shares[priority]
}
