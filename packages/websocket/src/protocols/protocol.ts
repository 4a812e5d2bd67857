import type { CloseCodes } from '../close-codes.ts'
import type { SocketData } from '../outbound-queue.ts'

/** What is known of a session. */
export interface SessionFacts {
  /** As the server named it; `undefined` before the first and after a lost one. */
  readonly id: string | undefined
  /** Where the server wants it resumed. */
  readonly resumeUrl: string | undefined
  /** The number of the last message received; 0 before the first. */
  readonly received: number
  /** The number of the last message sent; 0 before the first. */
  readonly sent: number
}

/** What one frame of the server says; a frame may say several of these things, or none. */
export interface Frame {
  /** The server is there, and says how often it wants a beat. */
  readonly hello?: { readonly heartbeatMs: number }
  /** A session begins. */
  readonly started?: { readonly id: string; readonly resumeUrl?: string | undefined }
  /** The session goes on; `received` is the number of the last message that the server has of it. */
  readonly resumed?: { readonly received?: number | undefined }
  /** The server does not take the session; `isResumable` when it may later. */
  readonly refused?: { readonly isResumable: boolean; readonly wants: 'identify' | 'reconnect' }
  /** The server wants another connection. */
  readonly reconnect?: true
  /** The server wants a beat now. */
  readonly heartbeat?: true
  /** It answers one. */
  readonly heartbeatAnswer?: true
  /** The number of the last message that the server has. */
  readonly acknowledged?: number | undefined
  /** The number of this message. */
  readonly sequence?: number | undefined
  /** What is the app's. */
  readonly message?: unknown
}

/** The words of a protocol whose sessions outlive connections; `protocolSession` speaks them. */
export interface SessionProtocol {
  readonly closeCodes?: CloseCodes | undefined
  /** Close codes of the server that end the session, not only the connection. */
  readonly endsSession?: readonly number[] | undefined
  /** The code with which a connection is given up whose session shall live. */
  readonly abandonCode?: number | undefined
  readonly binaryType?: string | undefined
  /** Whether every message has the number after that of the one before: a hole is then a loss. */
  readonly isContiguous: boolean
  /**
   * Whether the server moves a session to the connection on which it is resumed, away from one that still has
   * it. @defaultValue `false`: that one is closed before
   */
  readonly resumesInUse?: boolean | undefined
  /** Where to dial. @defaultValue the socket's URL */
  address?(url: string, facts: SessionFacts, attempt: number): string
  /** What turns the data of one connection into the text or object that `read` takes. */
  decoder?(): (data: unknown) => unknown
  /** Reads what the server sent; `undefined` for what is no frame. May throw: the connection is then given up. */
  read(data: unknown): Frame | undefined
  /** Begins a session. */
  identify(): SocketData
  /** Waits until it may; `false` when not today. */
  admit?(signal: AbortSignal): Promise<Admission>
  /** Goes on with one. */
  resume(facts: SessionFacts & { readonly id: string }): SocketData
  heartbeat(facts: SessionFacts): SocketData
  /** Says that all up to `facts.received` is here. @defaultValue the server does not ask */
  acknowledge?(facts: SessionFacts): SocketData
  /** Numbers a message of the app. @defaultValue it goes as it is, and is not kept */
  number?(data: SocketData, sequence: number): SocketData
  /** @throws when the server would not take this message at all */
  check?(data: SocketData): void
  /** Whether one more message may go at `nowMs`, and counts it. */
  pace?: Pace | undefined
}

/** Whether a session may begin now, or how long not. */
export type Admission =
  | { readonly isAdmitted: true }
  | { readonly isAdmitted: false; readonly retryAfterMs: number }

/** How fast messages may go. */
export interface Pace {
  hasRoom(nowMs: number): boolean
  take(nowMs: number): void
}
