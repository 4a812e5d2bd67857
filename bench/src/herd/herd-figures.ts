import type { HerdWorld } from './herd-world.ts'

/** What is read off a world that has been played. */
export interface HerdFigures {
  readonly dials: number
  /** Of them, those before the server was up. */
  readonly dialsWhileDown: number
  /** The most dials within any second. */
  readonly peakPerSecond: number
  /** Since the server was up; `undefined` when so many did not come back. */
  readonly halfBackMs: number | undefined
  readonly mostBackMs: number | undefined
  readonly allBackMs: number | undefined
  /** The share of the clients that are back at the end. */
  readonly back: number
  /** Dials in each second since the loss. */
  readonly dialsPerSecond: readonly number[]
}

export function herdFigures(world: HerdWorld, clients: number, upAtMs: number): HerdFigures {
  const { dials, opens } = world
  const since = (share: number): number | undefined => {
    const atMs = reachedAt(opens, Math.ceil(clients * share))
    return atMs === undefined ? undefined : atMs - upAtMs
  }
  return {
    dials: sum(dials),
    dialsWhileDown: sum(dials.subarray(0, upAtMs)),
    peakPerSecond: peak(dials, 1000),
    halfBackMs: since(0.5),
    mostBackMs: since(0.95),
    allBackMs: since(1),
    back: world.connected / clients,
    dialsPerSecond: binned(dials, 1000),
  }
}

/** The most that happened within any span of so many milliseconds. */
export function peak(perMs: ArrayLike<number>, spanMs: number): number {
  let most = 0
  let within = 0
  for (let atMs = 0; atMs < perMs.length; atMs++) {
    within += (perMs[atMs] as number) - (perMs[atMs - spanMs] ?? 0)
    most = Math.max(most, within)
  }
  return most
}

/** When the sum of all so far reached `amount`; never is `undefined`. */
export function reachedAt(perMs: ArrayLike<number>, amount: number): number | undefined {
  let total = 0
  for (let atMs = 0; atMs < perMs.length; atMs++) {
    total += perMs[atMs] as number
    if (total >= amount) return atMs
  }
  return undefined
}

/** Sums over spans of so many milliseconds. */
export function binned(perMs: ArrayLike<number>, spanMs: number): number[] {
  const bins = new Array<number>(Math.ceil(perMs.length / spanMs)).fill(0)
  for (let atMs = 0; atMs < perMs.length; atMs++) {
    const bin = Math.floor(atMs / spanMs)
    bins[bin] = (bins[bin] as number) + (perMs[atMs] as number)
  }
  return bins
}

function sum(perMs: Uint32Array): number {
  return perMs.reduce((total, each) => total + each, 0)
}
