import { type Priority, priorities } from './job.ts'
import type { Ticket } from './ticket.ts'

export type QueueOrder = 'fifo' | 'lifo' | 'priority'

interface Line {
  head: Ticket | undefined
  tail: Ticket | undefined
}

/** Waiting jobs in one line per priority, so that the order can change while they wait and any can leave. */
export class JobQueue {
  readonly #lines: Record<Priority, Line> = {
    critical: { head: undefined, tail: undefined },
    important: { head: undefined, tail: undefined },
    deferred: { head: undefined, tail: undefined },
  }
  #length = 0
  #entered = 0

  get length(): number {
    return this.#length
  }

  push(ticket: Ticket): void {
    const line = this.#lines[ticket.job.priority]
    ticket.entered = this.#entered++
    ticket.queued = true
    ticket.before = line.tail
    if (line.tail) line.tail.after = ticket
    else line.head = ticket
    line.tail = ticket
    this.#length++
  }

  remove(ticket: Ticket): void {
    if (!ticket.queued) return
    ticket.queued = false
    const line = this.#lines[ticket.job.priority]
    if (ticket.before) ticket.before.after = ticket.after
    else line.head = ticket.after
    if (ticket.after) ticket.after.before = ticket.before
    else line.tail = ticket.before
    ticket.before = undefined
    ticket.after = undefined
    this.#length--
  }

  /** Takes the job whose turn it is. */
  shift(order: QueueOrder): Ticket | undefined {
    let turn: Ticket | undefined
    for (const priority of priorities) {
      const { head, tail } = this.#lines[priority]
      if (order === 'lifo') {
        if (tail && (!turn || tail.entered > turn.entered)) turn = tail
      } else if (head && (!turn || (order === 'fifo' && head.entered < turn.entered))) {
        turn = head
      }
    }
    if (turn) this.remove(turn)
    return turn
  }

  /** Takes the newest of the least urgent jobs, if it is less urgent than `priority`. */
  displace(priority: Priority): Ticket | undefined {
    for (let rank = priorities.length - 1; rank > priorities.indexOf(priority); rank--) {
      const ticket = this.#lines[priorities[rank] as Priority].tail
      if (ticket) {
        this.remove(ticket)
        return ticket
      }
    }
    return undefined
  }
}
