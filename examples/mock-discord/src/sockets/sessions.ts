import type { Scheduled, Scheduler } from '../backend/scheduler.ts'
import type { SessionIdentity } from './audience.ts'
import { Session, type SessionConnection } from './session.ts'

/** All sessions: those that are connected, and those that may still be resumed. */
export class Sessions {
  readonly #scheduler: Scheduler
  readonly #lifetimeMs: () => number
  readonly #ended: (session: Session) => void
  readonly #byId = new Map<string, Session>()
  readonly #byUser = new Map<string, number>()
  readonly #ends = new Map<Session, Scheduled>()

  constructor(
    scheduler: Scheduler,
    lifetimeMs: () => number,
    ended: (session: Session) => void = () => {},
  ) {
    this.#scheduler = scheduler
    this.#lifetimeMs = lifetimeMs
    this.#ended = ended
  }

  get size(): number {
    return this.#byId.size
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.#byId.values()
  }

  create(identity: SessionIdentity, connection: SessionConnection): Session {
    const session = new Session(identity)
    session.connection = connection
    this.#byId.set(session.id, session)
    this.#byUser.set(identity.userId, this.countOf(identity.userId) + 1)
    return session
  }

  /** How many sessions a user has. */
  countOf(userId: string): number {
    return this.#byUser.get(userId) ?? 0
  }

  /** Finds a session, if it is this credential's. */
  find(id: string, credential: string): Session | undefined {
    const session = this.#byId.get(id)
    return session?.identity.credential === credential ? session : undefined
  }

  /** Gives a session its new connection, in place of the one it may still have. */
  attach(session: Session, connection: SessionConnection): void {
    this.#keep(session)
    const before = session.connection
    session.connection = connection
    if (before && before !== connection) before.superseded()
  }

  /** Leaves a session to be resumed, for its lifetime. */
  detach(session: Session): void {
    if (!session.connection) return
    session.connection = undefined
    if (!this.#byId.has(session.id)) return
    this.#ends.set(
      session,
      this.#scheduler.schedule(() => this.end(session), this.#lifetimeMs()),
    )
  }

  end(session: Session): void {
    this.#keep(session)
    session.connection = undefined
    if (!this.#byId.delete(session.id)) return
    const { userId } = session.identity
    const left = this.countOf(userId) - 1
    if (left > 0) this.#byUser.set(userId, left)
    else this.#byUser.delete(userId)
    this.#ended(session)
  }

  #keep(session: Session): void {
    this.#ends.get(session)?.cancel()
    this.#ends.delete(session)
  }
}
