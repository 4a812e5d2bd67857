import type { Random } from '@evenkeel/core'
import {
  type Advice,
  advise,
  afterLoss,
  type ConnectRules,
  defaultCloseCodes,
  type Loss,
  newConnect,
} from '../src/index.ts'

/** The defaults of a socket. */
export const rules: ConnectRules = {
  firstWindowMs: 5000,
  growth: 4,
  minDelayMs: 250,
  maxDelayMs: 30_000,
  herdWindowMs: 60_000,
  maxHerdDelayMs: 300_000,
  maxRetries: Infinity,
  closeCodes: defaultCloseCodes,
  canRefresh: false,
}

const lost: Loss = { code: 1006, reason: '', wasClean: false, phase: 'open', cause: 'network' }

interface Herd {
  readonly clients: number
  readonly random: Random
  readonly advice?: Advice
  /** How a dial at an instant ends and when; nothing when it opens. */
  dial(atMs: number): { readonly endsAtMs: number; readonly loss: Loss } | undefined
}

/** Drops every client at once, and follows each until it is back; every dial's instant, in order, and the last success. */
export function simulate({ clients, random, advice = {}, dial }: Herd) {
  const states = Array.from({ length: clients }, newConnect)
  const dials: number[] = []
  const successes: number[] = []
  // Dials by the millisecond in which they come: they must be played in order.
  const due = new Map<number, number[]>()
  let lastMs = 0
  const lose = (client: number, loss: Loss, nowMs: number): void => {
    const state = states[client] as (typeof states)[number]
    advise(state, advice, nowMs)
    const atMs = Math.ceil(nowMs + afterLoss(state, loss, rules, nowMs, random, () => true).delayMs)
    lastMs = Math.max(lastMs, atMs)
    const others = due.get(atMs)
    if (others) others.push(client)
    else due.set(atMs, [client])
  }
  for (let client = 0; client < clients; client++) lose(client, lost, 0)
  for (let nowMs = 0; nowMs <= lastMs; nowMs++) {
    for (const client of due.get(nowMs) ?? []) {
      dials.push(nowMs)
      const failure = dial(nowMs)
      if (failure) lose(client, failure.loss, Math.max(failure.endsAtMs, nowMs + 1))
      else successes.push(nowMs)
    }
    due.delete(nowMs)
  }
  return { dials, successes, backAtMs: successes.at(-1) as number }
}

/** The most dials within any span of a length. */
export function peak(dials: readonly number[], spanMs: number): number {
  let most = 0
  let first = 0
  dials.forEach((atMs, index) => {
    while ((dials[first] as number) <= atMs - spanMs) first++
    most = Math.max(most, index + 1 - first)
  })
  return most
}

/** A server that refuses until it is up again. */
export function downUntil(upAtMs: number): Herd['dial'] {
  return (atMs) =>
    atMs < upAtMs ? { endsAtMs: atMs, loss: { ...lost, phase: 'connecting' } } : undefined
}

/** A server with an accept queue that never says no, and does not see who has given up. */
export function deepQueue(perSecond: number, timeoutMs: number): Herd['dial'] {
  let freeAtMs = 0
  return (atMs) => {
    freeAtMs = Math.max(freeAtMs, atMs) + 1000 / perSecond
    return freeAtMs - atMs > timeoutMs
      ? { endsAtMs: atMs + timeoutMs, loss: { ...lost, phase: 'connecting', cause: 'timeout' } }
      : undefined
  }
}
