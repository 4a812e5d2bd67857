import { IncidentMachinery } from './incident-machinery.ts'
import type { IncidentOptions } from './incident-options.ts'
import { type Mock, type MockOptions, startMock } from './start-mock.ts'

/** A running mock with the incident's machinery behind its routes. */
export interface Incident extends Mock {
  readonly machinery: IncidentMachinery
}

/** The incident's gateway held 10,000 connections; clients go by the rate. */
const connectionLimit = (rate = 1) => Math.max(1, Math.round(10_000 / rate))

/**
 * Starts the mock with the incident's machinery and its admin API, in this process.
 *
 * @throws RangeError for an option of the machinery that is out of range.
 */
export async function startIncident(
  options: Omit<MockOptions, 'machinery'> & IncidentOptions = {},
): Promise<Incident> {
  let machinery: IncidentMachinery | undefined
  const mock = await startMock({
    ...options,
    sockets: { connectionLimit: connectionLimit(options.scale?.rate), ...options.sockets },
    machinery: (parts) => {
      machinery = new IncidentMachinery(parts, options)
      return machinery
    },
  })
  return { ...mock, machinery: machinery as IncidentMachinery }
}
