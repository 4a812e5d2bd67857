import type { BackendOptions } from '../backend/backend-options.ts'
import { kneeConcurrency } from '../backend/scalability.ts'
import type { Report } from '../report/report.ts'
import { count } from './format.ts'

/**
 * How many requests a backend must work on at its best for a crowd to behave like one. In `cascade` fixed-1s never comes
 * back with 17 (5,000 clients), in two of three runs does with 7, and always with 3 (1,000 clients), which all fewer do.
 */
const enough = 16

/** Says that so few clients are too coarse a picture of a storm, and how many are not. */
export function coarse({ scale, clients, scenario }: Report): string | undefined {
  const { service, dependency } = scenario.parameters.backend as BackendOptions
  const sizes = [service, dependency].flatMap((station) =>
    station ? [Math.min(Number(station.workers), kneeConcurrency(station))] : [],
  )
  const size = Math.min(...sizes)
  const simulated = scale * size
  if (simulated >= enough) return undefined
  const advised = Math.ceil((clients * enough) / simulated / 100) * 100
  return `A coarse picture: ${count(clients)} clients make a backend that is at its best with ${count(simulated)} requests, not ${count(size)}. One that would stay down may come back by chance: take ${count(advised)} clients or more.`
}
