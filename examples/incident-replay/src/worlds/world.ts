import type { Clock } from '@evenkeel/core'
import type { Fetch } from './fetch.ts'

export type WorldName = 'fixed-delay' | 'p-retry' | 'evenkeel'

/** What an app is built from. */
export interface AppParts {
  readonly fetch: Fetch
  /** How much faster than the scenario everything runs. */
  readonly timeScale: number
  /** A clock that is as fast. */
  readonly clock: Clock
  /** After this the app's own code gives up on a request, in real ms; evenkeel has its own. */
  readonly requestTimeoutMs: number
}

/** Told how a user's connection to the Gateway fares. */
export interface SocketWatch {
  /** A dial begins. */
  dialled(): void
  /** The Gateway has accepted the session. */
  ready(): void
  /** The connection, if there was one, is gone. */
  lost(): void
}

/** What an app's connection to the Gateway is made from. */
export interface SocketParts {
  /** As in `ws://127.0.0.1:8080`. */
  readonly url: string
  readonly token: string
  readonly timeScale: number
  readonly clock: Clock
  /** After this the app's own code gives up on a dial, in real ms; evenkeel has its own. */
  readonly dialTimeoutMs: number
  readonly watch: SocketWatch
}

/** One call as an app makes it. */
export interface AppCall {
  readonly url: string
  readonly init: {
    readonly method: string
    readonly headers: Record<string, string>
    readonly body?: string
  }
  /** Aborts when the user has lost patience. */
  readonly patience: AbortSignal
  /** Told of each attempt, with its number. */
  onAttempt(attempt: number): void
}

/** Makes a call and gives its last answer, or throws. */
export type App = (call: AppCall) => Promise<Response>

/** The same users with one kind of client. */
export interface World {
  readonly name: WorldName
  readonly title: string
  readonly description: string
  /** Makes one user's app, with whatever state it keeps. */
  createApp(parts: AppParts): App
  /** Connects one user to the Gateway and keeps the connection up; rejects when it has given up for good. */
  keepSocket(parts: SocketParts): Promise<void>
}
