import { resized, Table } from '../kernel/table.ts'
import type { NewCall } from './client-model.ts'

/** The calls that users wait for, one a row. */
export class CallTable extends Table {
  client = new Int32Array(0)
  /** The place in {@link priorities}. */
  priority = new Uint8Array(0)
  isRead = new Uint8Array(0)
  /** Whether it may be applied twice. */
  isIdempotent = new Uint8Array(0)
  /** Which of the fleet's clients made it. */
  cohort = new Uint8Array(0)
  attempts = new Uint16Array(0)
  /** Goes up with each use of the row: who remembers a row remembers this too. */
  stamp = new Uint32Array(0)
  startMs = new Float64Array(0)
  /** The wait before the last retry, if there was one. */
  delayMs = new Float64Array(0)
  /** How far the attempt before the present one had got, as a place in {@link reaches}; 0 before the first retry. */
  paidFor = new Uint8Array(0)
  /** Whether its first attempt failed while all was well. */
  isGlitch = new Uint8Array(0)
  /** Whether the user has given up: it goes on, for nobody. */
  isForgotten = new Uint8Array(0)

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

  protected resize(capacity: number): void {
    this.client = resized(this.client, new Int32Array(capacity))
    this.priority = resized(this.priority, new Uint8Array(capacity))
    this.isRead = resized(this.isRead, new Uint8Array(capacity))
    this.isIdempotent = resized(this.isIdempotent, new Uint8Array(capacity))
    this.cohort = resized(this.cohort, new Uint8Array(capacity))
    this.attempts = resized(this.attempts, new Uint16Array(capacity))
    this.stamp = resized(this.stamp, new Uint32Array(capacity))
    this.startMs = resized(this.startMs, new Float64Array(capacity))
    this.delayMs = resized(this.delayMs, new Float64Array(capacity))
    this.paidFor = resized(this.paidFor, new Uint8Array(capacity))
    this.isGlitch = resized(this.isGlitch, new Uint8Array(capacity))
    this.isForgotten = resized(this.isForgotten, new Uint8Array(capacity))
  }
}
