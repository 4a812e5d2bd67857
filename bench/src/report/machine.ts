import { cpus, loadavg, totalmem } from 'node:os'
import process from 'node:process'

/** Where and when the figures were taken. */
export interface Machine {
  readonly date: string
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  /** How many processes wanted to run in the last minute, before the first suite. */
  readonly load: number
}

export function describeMachine(): Machine {
  const cores = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0] ?? 0,
  }
}

/** The first line of a run. */
export function formatMachine({
  date,
  node,
  platform,
  cpu,
  cores,
  memoryGb,
  load,
}: Machine): string {
  return `${date}, Node.js ${node}, ${platform}, ${cores} × ${cpu}, ${memoryGb} GB, load ${load.toFixed(1)}`
}
