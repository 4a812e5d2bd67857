/** Something an operator can do to the server, to see what the client makes of it. */
export interface Mischief {
  readonly id: string
  readonly name: string
  /** What it does, in half a sentence. */
  readonly what: string
  /** Requests to the mock's admin API, in their order. */
  readonly requests: readonly AdminRequest[]
}

interface AdminRequest {
  readonly method: 'POST' | 'DELETE'
  readonly path: string
  readonly body?: unknown
}

const fault = (rule: object): AdminRequest => ({ method: 'POST', path: '/faults', body: rule })

/** For the next attempts to post a message, whoever makes them. */
const sendFault = (rule: object): AdminRequest =>
  fault({ match: { method: 'POST', route: '/channels/:channel/messages' }, ...rule })

const socket = (action: object): AdminRequest => ({
  method: 'POST',
  path: '/sockets/actions',
  body: action,
})

/** How long the outage lasts. */
const outageSeconds = 20

export const mischiefs: readonly Mischief[] = [
  {
    id: 'rate-limit',
    name: '429',
    what: 'refuses the next message, and asks for 5 s of quiet',
    requests: [sendFault({ fault: { kind: 'rate-limit', retryAfterMs: 5000 }, count: 1 })],
  },
  {
    id: 'burst',
    name: '503 burst',
    what: 'fails the next three attempts to send',
    requests: [sendFault({ fault: { kind: 'status', status: 503 }, count: 3 })],
  },
  {
    id: 'slow',
    name: 'Slow answers',
    what: 'takes 3 to 5 s for each call, for half a minute',
    requests: [
      fault({
        match: { path: '/channels*' },
        fault: { kind: 'latency', delayMs: 3000, jitterMs: 2000 },
        forMs: 30_000,
      }),
    ],
  },
  {
    id: 'break',
    name: 'Lose answer',
    what: 'takes the next message, and cuts the line before it says so',
    requests: [sendFault({ fault: { kind: 'drop', when: 'after' }, count: 1 })],
  },
  {
    id: 'drop',
    name: 'Drop sockets',
    what: 'cuts every connection of the gateway',
    requests: [socket({ kind: 'drop' })],
  },
  {
    id: 'reconnect',
    name: 'Send away',
    what: 'asks every client to connect again, as a gateway does before it goes',
    requests: [socket({ kind: 'reconnect' })],
  },
  {
    id: 'half-open',
    name: 'Half-open',
    what: 'stops reading and writing, and says nothing',
    requests: [socket({ kind: 'half-open' })],
  },
  {
    id: 'refuse',
    name: 'Refuse dials',
    what: 'drops sockets, then answers handshakes with 503 and Retry-After for 8 s',
    requests: [
      socket({
        kind: 'handshakes',
        fault: { kind: 'refuse', status: 503, retryAfterMs: 5000, forMs: 8000 },
      }),
      socket({ kind: 'drop' }),
    ],
  },
  {
    id: 'restart',
    name: 'Restart',
    what: 'ends the gateway’s process; 2 s later it is back, and knows the sessions',
    requests: [socket({ kind: 'restart', downMs: 2000, sessions: 'keep' })],
  },
  {
    id: 'outage',
    name: 'Full outage',
    what: `nobody listens for ${outageSeconds} s, and sessions are lost`,
    requests: [socket({ kind: 'restart', downMs: outageSeconds * 1000, sessions: 'lose' })],
  },
]

/** Takes back all that lasts. */
export const heal: Mischief = {
  id: 'heal',
  name: 'Heal',
  what: 'takes everything back that lasts',
  requests: [{ method: 'DELETE', path: '/faults' }, socket({ kind: 'heal' })],
}

/** Has numbered messages posted, by which one sees whether any is missing. */
export const chatter = (channelId: string): Mischief => ({
  id: 'chatter',
  name: 'Chatter',
  what: 'posts 30 numbered messages into this channel, two a second',
  requests: [socket({ kind: 'inject', channel: channelId, count: 30, intervalMs: 500 })],
})

/** Does it, by plain fetch: the operator is no part of the client. @throws when the server says no, or nothing */
export async function doMischief(serverUrl: string, { requests }: Mischief): Promise<void> {
  for (const { method, path, body } of requests) {
    const response = await fetch(`${serverUrl}/admin${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}`)
  }
}
