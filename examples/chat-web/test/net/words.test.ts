import { EvenkeelError } from '@evenkeel/core'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../src/net/api-error.ts'
import { failureWords } from '../../src/net/failure-words.ts'
import { closeWords } from '../../src/net/panel/close-words.ts'
import type { SocketLoss } from '../../src/net/panel/socket-news.ts'

describe('why something failed', () => {
  const overloaded = Object.assign(new Error('x'), { status: 503 })
  const spent = new EvenkeelError('RETRY_BUDGET_EXHAUSTED', 'x', { cause: overloaded })

  it.each([
    [new ApiError(404, 'Unknown Channel'), 'the server said no: Unknown Channel'],
    [new ApiError(503, 'x'), 'the server is overloaded (503)'],
    [new ApiError(429, 'x'), 'the server asked for quiet (429)'],
    [new ApiError(599, 'x'), 'the server answered 599'],
    [overloaded, 'the server is overloaded (503)'],
    [new TypeError('Failed to fetch'), 'no connection to the server'],
    [new EvenkeelError('CIRCUIT_OPEN', 'x'), 'the server is down, and the circuit is open'],
    [new EvenkeelError('OTHER', 'in its own words'), 'in its own words'],
    [spent, 'the server is overloaded (503), and the retry budget is spent'],
  ])('%s', (error, words) => {
    expect(failureWords(error)).toBe(words)
  })
})

describe('why a connection ended', () => {
  const open = { code: 1006, reason: '', wasClean: false, phase: 'open', cause: 'network' } as const

  it.each<[Partial<SocketLoss>, string]>([
    [{}, 'The line was cut'],
    [{ phase: 'connecting' }, 'The server could not be reached'],
    [{ cause: 'server', code: 1012 }, 'The server closed it because it restarts'],
    [{ cause: 'server', code: 4321 }, 'The server closed it with code 4321'],
    [{ cause: 'server', code: 4000, reason: 'no hello' }, 'No hello'],
    [{ cause: 'heartbeat' }, 'No answer to a heartbeat'],
    [{ cause: 'timeout', phase: 'connecting' }, 'It did not open in time'],
    [{ cause: 'timeout', phase: 'closing' }, 'It did not close in time'],
    [{ cause: 'handshake', status: 503 }, 'Handshake refused: 503'],
    [
      { cause: 'handshake', status: 429, retryAfterMs: 4200 },
      'Handshake refused: 429, quiet for 5 s',
    ],
    [{ cause: 'offline' }, 'This machine is offline'],
    [{ cause: 'hidden' }, 'The page was hidden'],
    [{ cause: 'user' }, 'You asked for a new connection'],
    [{ cause: 'policy' }, 'Held back by this side’s policies'],
    [{ cause: 'leader' }, 'The tab that held it is gone'],
    [{ cause: 'provider' }, 'There was no address to dial'],
  ])('%j', (loss, words) => {
    expect(closeWords({ ...open, ...loss })).toBe(words)
  })
})
