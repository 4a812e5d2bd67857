import type { CallTable } from '../fleet/call-table.ts'

const origin = 'https://api.example.com/'

/** The addresses of calls, by which a fetch tells whose it is. */
export class CallUrls {
  readonly #calls: CallTable
  /** By the number of a row, what the addresses of all its calls begin with. */
  readonly #beginnings: string[] = []
  #lastUrl = ''
  #last = -1
  #lastStamp = -1

  constructor(calls: CallTable) {
    this.#calls = calls
  }

  /** The address of a call that starts. */
  of(call: number): string {
    const number = this.#calls.numberOf(call)
    this.#beginnings[number] ??= `${origin}${call}/`
    this.#last = call
    this.#lastStamp = this.#calls.stamp[call] as number
    this.#lastUrl = this.#beginnings[number] + this.#lastStamp
    return this.#lastUrl
  }

  /** The call that has an address; -1 when it is over. */
  callOf(url: string): number {
    let call = this.#last
    let stamp = this.#lastStamp
    // Most calls are sent as soon as they start.
    if (url !== this.#lastUrl) {
      const end = url.indexOf('/', origin.length)
      call = Number(url.slice(origin.length, end))
      stamp = Number(url.slice(end + 1))
    }
    return this.#calls.stamp[call] === stamp ? call : -1
  }
}
