import type { Random } from '@evenkeel/core'
import { minusLog } from './logarithm.ts'

/**
 * Chance that repeats, the same on every platform: sfc32, Chris Doty-Humphrey's small fast counting
 * generator, which passes PractRand. Each use of chance has a stream of its own, so that a policy that
 * draws more changes neither who calls nor when.
 */
export class RandomStream {
  readonly #state = new Int32Array(4)
  /** The same draws as a function, as policies take them. */
  readonly random: Random = () => this.next()

  constructor(seed: number, name: string) {
    const state = this.#state
    state[0] = seed | 0
    state[1] = Math.floor(seed / 2 ** 32) | 0
    for (let each = 0; each < name.length; each++)
      state[2] = Math.imul((state[2] as number) ^ name.charCodeAt(each), 0x01000193)
    state[3] = 1
    for (let warming = 0; warming < 15; warming++) this.bits()
  }

  /** 32 random bits, as a signed number. */
  bits(): number {
    const state = this.#state
    const a = state[0] as number
    const b = state[1] as number
    const c = state[2] as number
    const counter = state[3] as number
    const mixed = (((a + b) | 0) + counter) | 0
    state[3] = (counter + 1) | 0
    state[0] = b ^ (b >>> 9)
    state[1] = (c + (c << 3)) | 0
    state[2] = (((c << 21) | (c >>> 11)) + mixed) | 0
    return mixed
  }

  /** From 0 up to but not 1. */
  next(): number {
    return (this.bits() >>> 0) / 2 ** 32
  }

  /** A whole number from 0 up to but not `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }

  /** A wait of a Poisson process, of mean 1. */
  exponential(): number {
    return minusLog((this.bits() >>> 0) + 1)
  }

  /** The sum of two exponential times, of mean 1: varies less than one, as service times do. */
  erlang2(): number {
    return (this.exponential() + this.exponential()) / 2
  }
}
