import { type Column, Table } from '../kernel/table.ts'
import type { CallTable } from './call-table.ts'

/** Where an attempt is; of one that is lost there will be no answer. */
export const stages = { travelling: 0, queued: 1, serving: 2, lost: 3 } as const

/** Requests on their way, one a row. */
export class AttemptTable extends Table {
  /** The call it belongs to; -1 when its client has gone. */
  call = new Float64Array(0)
  /** Whose it is, also when that client has gone. */
  client = new Float64Array(0)
  priority = new Float64Array(0)
  isRead = new Float64Array(0)
  isFirst = new Float64Array(0)
  region = new Float64Array(0)
  /** Goes up with each use of the row. */
  stamp = new Float64Array(0)
  stage = new Float64Array(0)
  /** Which of its region's stations it is at. */
  station = new Float64Array(0)
  /** When its client stops waiting for it. */
  limitAtMs = new Float64Array(0)
  /** When it joined the queue it is in. */
  queuedMs = new Float64Array(0)
  /** The work done on it so far, in ms of a worker. */
  workMs = new Float64Array(0)
  /** The answer, once there is one. */
  status = new Float64Array(0)
  /** The wait in the answer; NaN for none. */
  retryAfterMs = new Float64Array(0)

  /** The row of the next attempt of a call. */
  begin(calls: CallTable, call: number, region: number): number {
    const attempt = this.take()
    const count = (calls.attempts[call] as number) + 1
    calls.attempts[call] = count
    this.call[attempt] = call
    this.client[attempt] = calls.client[call] as number
    this.priority[attempt] = calls.priority[call] as number
    this.isRead[attempt] = calls.isRead[call] as number
    this.isFirst[attempt] = +(count === 1)
    this.region[attempt] = region
    this.stamp[attempt] = (this.stamp[attempt] as number) + 1
    this.stage[attempt] = stages.travelling
    this.workMs[attempt] = 0
    this.retryAfterMs[attempt] = NaN
    return attempt
  }

  protected lay(column: (place: number) => Column): void {
    this.call = column(0)
    this.client = column(1)
    this.priority = column(2)
    this.isRead = column(3)
    this.isFirst = column(4)
    this.region = column(5)
    this.stamp = column(6)
    this.stage = column(7)
    this.station = column(8)
    this.limitAtMs = column(9)
    this.queuedMs = column(10)
    this.workMs = column(11)
    this.status = column(12)
    this.retryAfterMs = column(13)
  }
}
