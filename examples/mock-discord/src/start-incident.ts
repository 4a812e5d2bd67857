import { IncidentMachinery, type IncidentOptions } from './incident-machinery.ts'
import { type Mock, type MockOptions, startMock } from './start-mock.ts'

/** A running mock with the incident's machinery behind its routes. */
export interface Incident extends Mock {
  readonly machinery: IncidentMachinery
}

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
    machinery: (parts) => {
      machinery = new IncidentMachinery(parts, options)
      return machinery
    },
  })
  return { ...mock, machinery: machinery as IncidentMachinery }
}
