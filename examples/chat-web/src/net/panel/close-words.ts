import type { SocketLoss } from './socket-news.ts'

const closeCodes: Readonly<Record<number, string>> = {
  1000: 'normally',
  1001: 'because it goes away',
  1011: 'because it failed',
  1012: 'because it restarts',
  1013: 'because it is overloaded',
  4004: 'because it does not know this user',
  4008: 'because too much was sent',
  4009: 'because no heartbeat came in time',
}

/** Why a connection ended, in words. */
export function closeWords({
  cause,
  phase,
  code,
  reason,
  status,
  retryAfterMs,
}: SocketLoss): string {
  switch (cause) {
    case 'server':
      // A session that gives a connection up says why by itself.
      return (
        capitalized(reason) || `The server closed it ${closeCodes[code] ?? `with code ${code}`}`
      )
    case 'network':
      return phase === 'connecting' ? 'The server could not be reached' : 'The line was cut'
    case 'heartbeat':
      return 'No answer to a heartbeat'
    case 'timeout':
      return phase === 'connecting' ? 'It did not open in time' : 'It did not close in time'
    case 'handshake': {
      const quiet = retryAfterMs ? `, quiet for ${Math.ceil(retryAfterMs / 1000)} s` : ''
      return `Handshake refused: ${status}${quiet}`
    }
    case 'offline':
      return 'This machine is offline'
    case 'hidden':
      return 'The page was hidden'
    case 'user':
      return 'You asked for a new connection'
    case 'policy':
      return 'Held back by this side’s policies'
    case 'leader':
      return 'The tab that held it is gone'
    case 'provider':
      return 'There was no address to dial'
  }
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
