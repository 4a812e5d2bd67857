import type { Priority } from '@evenkeel/core'
import type { GateCall } from '@evenkeel/rate-limit'
import type { CallTable } from '../fleet/call-table.ts'
import { priorities } from '../scenario/priorities.ts'

/** A row of calls, as gates see it: one object for each, since a call is at one gate at a time. */
export class CallTicket implements GateCall {
  readonly route = ''
  readonly call: number
  readonly #calls: CallTable

  constructor(calls: CallTable, call: number) {
    this.#calls = calls
    this.call = call
  }

  get client(): number {
    return this.#calls.client[this.call] as number
  }

  get priority(): Priority {
    return priorities[this.#calls.priority[this.call] as number] as Priority
  }

  get giveUpAtMs(): number {
    return this.#calls.giveUpAtMs[this.call] as number
  }

  get refusals(): number {
    return this.#calls.refusals[this.call] as number
  }

  set refusals(refusals: number) {
    this.#calls.refusals[this.call] = refusals
  }
}
