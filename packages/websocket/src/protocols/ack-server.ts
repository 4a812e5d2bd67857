import { checkNumber, notify, systemClock } from '@evenkeel/core'
import type { AckServerOptions } from './ack-server-options.ts'
import { HeldSession, type ServerSession, type ServerSocket } from './server-session.ts'

/** The sessions of a server. */
export interface AckServer<Identity = unknown> {
  readonly sessions: ReadonlyMap<string, ServerSession<Identity>>
  /** Takes a connection: `wss.on('connection', (socket) => server.accept(socket))`. */
  accept(socket: ServerSocket): void
  /** Ends all sessions, their connections and timers. */
  close(): void
}

/** How long a connection may take to say who it is. */
const identifyTimeoutMs = 10_000

/**
 * The server's side of the ack/resume protocol, for sockets of `ws` or anything like them: a reference to
 * read and to use. It keeps its sessions in memory, bounded; with them goes the promise of a process that dies.
 *
 * @throws `RangeError` for a bad option
 */
export function ackServer<Identity = unknown>({
  onMessage,
  onSession,
  onSessionEnd,
  authenticate,
  resumeWithinMs = 360_000,
  heartbeatMs = 30_000,
  maxPending = 1000,
  maxPendingBytes = 1_048_576,
  maxSessions = 100_000,
  makeId = () => crypto.randomUUID(),
  clock = systemClock,
}: AckServerOptions<Identity>): AckServer<Identity> {
  const numbers = { resumeWithinMs, heartbeatMs, maxPending, maxPendingBytes, maxSessions }
  for (const [name, value] of Object.entries(numbers)) checkNumber('ackServer', name, value, 1)
  const sessions = new Map<string, HeldSession<Identity>>()
  const connections = new Set<ServerSocket>()

  const forget = (session: HeldSession<Identity>): void => {
    if (sessions.delete(session.id) && onSessionEnd) notify(onSessionEnd, session)
  }

  const begin = (credentials: unknown): HeldSession<Identity> => {
    const identity = (authenticate?.(credentials) ?? credentials) as Identity
    if (sessions.size >= maxSessions) {
      const held = [...sessions.values()]
      const victim = held.find(({ isConnected }) => !isConnected) ?? held[0]
      victim?.end()
    }
    return new HeldSession(makeId(), identity, { maxPending, maxPendingBytes }, forget)
  }

  const accept = (socket: ServerSocket): void => {
    let session: HeldSession<Identity> | undefined
    const deadline = clock.scheduleAt(clock.now() + identifyTimeoutMs, () =>
      socket.close(1008, 'no identify in time'),
    )
    const say = (frame: object): void => {
      if (socket.readyState === 1) socket.send(JSON.stringify(frame))
    }
    const attach = (held: HeldSession<Identity>): void => {
      deadline.cancel()
      held.expiry?.cancel()
      const before = held.socket
      held.socket = socket
      session = held
      sessions.set(held.id, held)
      // A client comes back before its old line is known to be dead.
      if (before !== socket) before?.close(1001, 'resumed elsewhere')
    }

    const identify = (credentials: unknown): void => {
      let held: HeldSession<Identity>
      try {
        held = begin(credentials)
      } catch {
        socket.close(3003, 'not welcome')
        return
      }
      attach(held)
      say({ type: 'started', session: held.id, resumeWithinMs })
      if (onSession) notify(onSession, held)
    }

    const resume = (id: string, received: number): void => {
      const held = sessions.get(id)
      if (!held || received > held.sent) {
        say({ type: 'refused' })
        return
      }
      attach(held)
      held.kept.takeUpTo(received)
      say({ type: 'resumed', received: held.received })
      for (const { frame } of held.kept.all()) held.say(frame as string)
    }

    const message = (held: HeldSession<Identity>, sequence: number, data: string): void => {
      if (sequence > held.received + 1) {
        socket.close(1002, `message ${sequence} after ${held.received}`)
        return
      }
      if (sequence === held.received + 1) {
        onMessage(held, data)
        held.received = sequence
      }
      acknowledge(held)
    }

    let isAcknowledging = false
    const acknowledge = (held: HeldSession<Identity>): void => {
      if (isAcknowledging) return
      isAcknowledging = true
      // One for all that came in together.
      queueMicrotask(() => {
        isAcknowledging = false
        say({ type: 'ack', received: held.received })
      })
    }

    const take = (frame: Record<string, unknown>): void => {
      const { type, received } = frame
      if (type === 'identify' && !session) identify(frame.credentials)
      else if (type === 'resume' && !session) resume(String(frame.session), Number(received))
      else if (session && session.socket === socket) {
        if (typeof received === 'number') session.kept.takeUpTo(received)
        if (type === 'message') message(session, Number(frame.sequence), String(frame.data))
        if (type === 'beat') say({ type: 'beat', received: session.received })
      }
    }

    connections.add(socket)
    socket.on('message', (data) => {
      try {
        take(JSON.parse(data.toString()))
      } catch {
        socket.close(1011, 'the message could not be taken')
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      deadline.cancel()
      connections.delete(socket)
      const held = session
      if (held?.socket !== socket) return
      held.socket = undefined
      held.expiry = clock.scheduleAt(clock.now() + resumeWithinMs, () => held.end())
    })
    say({ type: 'hello', heartbeatMs })
  }

  return {
    sessions,
    accept,
    close() {
      for (const session of [...sessions.values()]) session.end()
      for (const socket of connections) socket.close(1001, 'the server closes')
    },
  }
}
