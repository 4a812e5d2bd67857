import { resized, Table } from '../kernel/table.ts'
import type { CallTable } from './call-table.ts'

/** Where an attempt is; of one that is lost there will be no answer. */
export const stages = { travelling: 0, queued: 1, serving: 2, lost: 3 } as const

/** Requests on their way, one a row. */
export class AttemptTable extends Table {
  /** The call it belongs to; -1 when its client has gone. */
  call = new Int32Array(0)
  /** Whose it is, also when that client has gone. */
  client = new Int32Array(0)
  priority = new Uint8Array(0)
  isRead = new Uint8Array(0)
  isFirst = new Uint8Array(0)
  region = new Uint8Array(0)
  /** Goes up with each use of the row. */
  stamp = new Uint32Array(0)
  stage = new Uint8Array(0)
  /** Which of its region's stations it is at. */
  station = new Uint8Array(0)
  /** When its client stops waiting for it. */
  limitAtMs = new Float64Array(0)
  /** When it joined the queue it is in. */
  queuedMs = new Float64Array(0)
  /** The work done on it so far, in ms of a worker. */
  workMs = new Float64Array(0)
  /** The answer, once there is one. */
  status = new Uint16Array(0)
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

  protected resize(capacity: number): void {
    this.call = resized(this.call, new Int32Array(capacity))
    this.client = resized(this.client, new Int32Array(capacity))
    this.priority = resized(this.priority, new Uint8Array(capacity))
    this.isRead = resized(this.isRead, new Uint8Array(capacity))
    this.isFirst = resized(this.isFirst, new Uint8Array(capacity))
    this.region = resized(this.region, new Uint8Array(capacity))
    this.stamp = resized(this.stamp, new Uint32Array(capacity))
    this.stage = resized(this.stage, new Uint8Array(capacity))
    this.station = resized(this.station, new Uint8Array(capacity))
    this.limitAtMs = resized(this.limitAtMs, new Float64Array(capacity))
    this.queuedMs = resized(this.queuedMs, new Float64Array(capacity))
    this.workMs = resized(this.workMs, new Float64Array(capacity))
    this.status = resized(this.status, new Uint16Array(capacity))
    this.retryAfterMs = resized(this.retryAfterMs, new Float64Array(capacity))
  }
}
