import { errorCode } from '@evenkeel/core'
import { ApiError } from './api-error.ts'

const statuses: Readonly<Record<number, string>> = {
  429: 'the server asked for quiet (429)',
  500: 'the server failed (500)',
  502: 'the server’s gateway failed (502)',
  503: 'the server is overloaded (503)',
  504: 'the server took too long (504)',
}

const codes: Readonly<Record<string, string>> = {
  CIRCUIT_OPEN: 'the server is down, and the circuit is open',
  COOLDOWN_TOO_LONG: 'the server asked for a longer quiet than this can wait',
  QUEUE_FULL: 'too much is waiting already',
  RETRY_AFTER_TOO_LONG: 'the server asked for a very long quiet',
  DEADLINE_EXCEEDED: 'it took too long',
  TIMEOUT: 'no answer in time',
  NETWORK_ERROR: 'no connection to the server',
}

/** What an answer's status means to a user. */
function statusWords(status: number): string {
  return statuses[status] ?? `the server answered ${status}`
}

/** Why something failed, as half a sentence. */
export function failureWords(error: unknown): string {
  if (error instanceof ApiError)
    return error.status < 500 && error.status !== 429
      ? `the server said no: ${error.message}`
      : statusWords(error.status)
  const { status } = error as { status?: unknown }
  if (typeof status === 'number') return statusWords(status)
  // What fetch throws by itself has no code: the network failed.
  const code = errorCode(error) ?? 'NETWORK_ERROR'
  if (code === 'RETRY_BUDGET_EXHAUSTED')
    return `${failureWords((error as Error).cause)}, and the retry budget is spent`
  return codes[code] ?? (error as Error).message
}
