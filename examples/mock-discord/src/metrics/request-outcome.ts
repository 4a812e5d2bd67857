/**
 * How a request ended: `ok` below 400, `invalid` for a 4xx, `limited` 429, `refused` 503, `timeout` 504, `abandoned`
 * by its client, `error` for any other 5xx and for a connection the mock cut.
 */
export type RequestOutcome =
  | 'ok'
  | 'invalid'
  | 'limited'
  | 'refused'
  | 'timeout'
  | 'abandoned'
  | 'error'

export const requestOutcomes: readonly RequestOutcome[] = [
  'ok',
  'invalid',
  'limited',
  'refused',
  'timeout',
  'abandoned',
  'error',
]

/** Classifies a status, or an end without one. */
export function requestOutcome(status: number | 'dropped' | 'gone'): RequestOutcome {
  if (status === 'gone') return 'abandoned'
  if (status === 'dropped') return 'error'
  if (status < 400) return 'ok'
  if (status === 429) return 'limited'
  if (status === 503) return 'refused'
  if (status === 504) return 'timeout'
  return status < 500 ? 'invalid' : 'error'
}
