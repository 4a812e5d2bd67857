import { type Column, Table } from '../kernel/table.ts'
import type { NewCall } from './client-model.ts'

/** The calls that users wait for, one a row. */
export class CallTable extends Table {
  client = new Float64Array(0)
  /** The place in {@link priorities}. */
  priority = new Float64Array(0)
  isRead = new Float64Array(0)
  /** Whether it may be applied twice. */
  isIdempotent = new Float64Array(0)
  /** Which of the fleet's clients made it. */
  cohort = new Float64Array(0)
  attempts = new Float64Array(0)
  /** Goes up with each use of the row: who remembers a row remembers this too. */
  stamp = new Float64Array(0)
  startMs = new Float64Array(0)
  /** When its last attempt was sent. */
  sentMs = new Float64Array(0)
  /** What its client's circuit gave that attempt. */
  circuitTicket = new Float64Array(0)
  /** Until when its client's gate may hold it. */
  giveUpAtMs = new Float64Array(0)
  /** After how many refusals in a row that gate let it go. */
  refusals = new Float64Array(0)
  /** The wait before the last retry, if there was one. */
  delayMs = new Float64Array(0)
  /** How far the attempt before the present one had got, as a place in {@link reaches}; 0 before the first retry. */
  paidFor = new Float64Array(0)
  /** Whether its first attempt failed while all was well. */
  isGlitch = new Float64Array(0)
  /** Whether the user has given up: it goes on, for nobody. */
  isForgotten = new Float64Array(0)

  /** The row of a call that starts. */
  begin({ client, cohort, priority, isRead, isIdempotent }: NewCall, nowMs: number): number {
    const call = this.take()
    this.client[call] = client
    this.cohort[call] = cohort
    this.priority[call] = priority
    this.isRead[call] = +isRead
    this.isIdempotent[call] = +isIdempotent
    this.attempts[call] = 0
    this.stamp[call] = (this.stamp[call] as number) + 1
    this.startMs[call] = nowMs
    this.paidFor[call] = 0
    this.isGlitch[call] = 0
    this.isForgotten[call] = 0
    return call
  }

  protected lay(column: (place: number) => Column): void {
    this.client = column(0)
    this.startMs = column(1)
    this.sentMs = column(2)
    this.attempts = column(3)
    this.priority = column(4)
    this.stamp = column(5)
    this.cohort = column(6)
    this.circuitTicket = column(7)
    this.isRead = column(8)
    this.isIdempotent = column(9)
    this.delayMs = column(10)
    this.giveUpAtMs = column(11)
    this.refusals = column(12)
    this.paidFor = column(13)
    this.isGlitch = column(14)
    this.isForgotten = column(15)
  }
}
