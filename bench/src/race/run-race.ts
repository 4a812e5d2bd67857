import { median } from '../statistics/median.ts'
import { medianRatio } from '../statistics/median-ratio.ts'
import { rotate } from '../statistics/rotate.ts'
import type { Race } from './contender.ts'
import { Racer } from './racer.ts'
import { warmUp } from './warm-up.ts'

/** How a race is run. */
export interface RaceOptions {
  readonly suite: string
  readonly race: Race
  readonly rounds: number
  readonly batchMs: number
  readonly url?: string
  /** Counts of the server, read before and after each batch. */
  readonly count?: () => Promise<readonly number[]>
}

/** What a contender's calls cost. */
export interface Result {
  readonly name: string
  readonly target: number | undefined
  /** Of all threads of its process, per call. */
  readonly cpuNs: number
  /** To the first contender. */
  readonly ratio: number
  readonly callsPerSecond: number
  /** By how much the server's counts grew, per call. */
  readonly counts: readonly number[]
}

interface Lap {
  readonly cpuNs: number
  readonly besideNs: number | undefined
  readonly callsPerSecond: number
  readonly counts: readonly number[]
}

/** Runs a batch of every contender in each round, each in a process of its own, the order rotated. */
export async function runRace(options: RaceOptions): Promise<Result[]> {
  const { suite, race, rounds, batchMs, url = '', count = async () => [] } = options
  const racers: Racer[] = []
  try {
    for (const { name } of race.contenders) racers.push(await Racer.start(suite, name, url))
    const batches = new Map<Racer, number>()
    for (const racer of racers) batches.set(racer, await warmUp(racer, batchMs, race.inFlight))
    const laps = new Map(racers.map((racer) => [racer, [] as Lap[]]))
    for (let round = 0; round < rounds; round++)
      for (const racer of rotate(racers, round)) {
        const share = Math.ceil((batches.get(racer) as number) / race.inFlight)
        const calls = share * race.inFlight
        const before = await count()
        const { cpuUs, wallMs, besideCpuUs } = await racer.run(calls)
        const after = await count()
        laps.get(racer)?.push({
          cpuNs: (cpuUs * 1000) / calls,
          besideNs: besideCpuUs && (besideCpuUs * 1000) / calls,
          callsPerSecond: (calls * 1000) / wallMs,
          counts: after.map((value, at) => (value - (before[at] as number)) / calls),
        })
      }
    return racers.map((racer, at) => toResult(racer, race.contenders[at]?.target, laps, racers[0]))
  } finally {
    await Promise.all(racers.map((racer) => racer.stop()))
  }
}

function toResult(
  racer: Racer,
  target: number | undefined,
  laps: Map<Racer, Lap[]>,
  first: Racer | undefined,
): Result {
  const own = laps.get(racer) ?? []
  const cpu = own.map(({ cpuNs }) => cpuNs)
  const firsts = laps.get(first as Racer)?.map(({ cpuNs }) => cpuNs) ?? []
  const besides = own.map(({ besideNs }, round) => besideNs ?? (firsts[round] as number))
  return {
    name: racer.name,
    target,
    cpuNs: median(cpu),
    ratio: medianRatio(cpu, besides),
    callsPerSecond: median(own.map(({ callsPerSecond }) => callsPerSecond)),
    counts: (own[0]?.counts ?? []).map((_, at) => median(own.map(({ counts }) => counts[at] ?? 0))),
  }
}
