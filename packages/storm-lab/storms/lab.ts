import type { ContenderReport } from '../src/index.ts'
import { runStorms } from '../src/workers.ts'

/** What is run: a fleet through a day, both by their names in this folder. */
export interface Run {
  readonly fleet: string
  /** @defaultValue `'cascade'` */
  readonly day?: string
  /** Calls a second of a client. @defaultValue 0.02 */
  readonly rate?: number
  /** @defaultValue 1 */
  readonly seed?: number
  /** Of the base load against what the backend serves at its best, instead of the day's. */
  readonly utilisation?: number
  /** The part of the incident's backend that is simulated. @defaultValue 0.05 */
  readonly scale?: number
}

/** What became of a run. */
export interface Outcome extends Pick<ContenderReport, 'metrics' | 'phases'> {
  /** How much the attempts a second vary in the spike, from ten seconds to ten seconds: their deviation against their mean. */
  readonly variation: number
}

/** Outcomes by the text of their run. */
export type Outcomes = Map<string, Outcome>

/** Runs fleets through days; the same run is made once. */
export interface Lab {
  run(run: Run): Promise<Outcome>
  /** The same with several seeds. */
  seeds(run: Run, count: number): Promise<Outcome[]>
}

/** Calls a second of the incident's backend in its spike, at its normal base load. */
const peakCallsPerSecond = 4280

function variationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  return Math.sqrt(squares / values.length) / mean
}

/** Makes one run, on a thread of its own. */
async function made(run: Run): Promise<Outcome> {
  const { fleet, day = 'cascade', rate = 0.02, seed = 1, utilisation, scale = 0.05 } = run
  const load = utilisation === undefined ? 1 : utilisation / 0.3
  const query = utilisation === undefined ? `name=${day}` : `utilisation=${utilisation}`
  const job = {
    scenario: new URL(`./days.ts?${query}`, import.meta.url),
    contenders: [new URL(`./fleets.ts?name=${fleet}`, import.meta.url)],
    callsPerClient: rate,
    clients: Math.round((peakCallsPerSecond * scale * load) / rate),
    seed,
  }
  const [report] = await runStorms([job], { workers: 1 })
  const [outcome] = report?.contenders ?? []
  if (!report || !outcome) throw new Error(`storms: ${fleet} has no report`)
  const { metrics, phases, series } = outcome
  const spike = phases.find(({ name }) => name === 'spike')
  const [from, to] = [spike?.fromMs ?? 0, spike?.toMs ?? 0].map((ms) => ms / report.windowMs)
  return { metrics, phases, variation: variationOf(series.attemptsPerSecond.slice(from, to)) }
}

/** Makes a lab that runs so many at a time, and keeps what came of it. */
export function newLab(
  workers: number,
  kept: Outcomes = new Map(),
  onRun: () => void = () => {},
): Lab {
  const underWay = new Map<string, Promise<Outcome>>()
  const waiting: (() => void)[] = []
  let free = workers

  async function start(run: Run, key: string): Promise<Outcome> {
    if (free) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      const outcome = await made(run)
      kept.set(key, outcome)
      onRun()
      return outcome
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }

  const lab: Lab = {
    async run(run) {
      const key = JSON.stringify(run)
      const outcome = kept.get(key)
      if (outcome) return outcome
      const running = underWay.get(key) ?? start(run, key)
      underWay.set(key, running)
      return running
    },
    seeds: (run, count) =>
      Promise.all(Array.from({ length: count }, (_, seed) => lab.run({ ...run, seed: seed + 1 }))),
  }
  return lab
}
