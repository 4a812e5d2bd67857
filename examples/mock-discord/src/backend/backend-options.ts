import { headers, number, oneOf, partial, type Reader, recordOf } from '../options/readers.ts'
import { type PoolOptions, readPoolOptions } from './pool-options.ts'
import { type ReplicaOptions, readReplicaOptions } from './replica-options.ts'
import type { Service } from './service.ts'
import { readVoiceOptions, type VoiceOptions } from './voice-options.ts'

/** The services and the database they share. */
export interface BackendOptions {
  /** The pool every service draws on. */
  readonly database: PoolOptions
  readonly replicas: ReplicaOptions
  /** The voice clusters by region. */
  readonly voice: Readonly<Record<string, VoiceOptions>>
  /** Each service's factor on the database's time; with 0 it needs no database. */
  readonly costs: Readonly<Record<Service, number>>
  /** Whether a 503 says when the queue will have drained. */
  readonly retryAfter: 'none' | 'drain'
  readonly refusedHeaders: Readonly<Record<string, string>>
  readonly timeoutHeaders: Readonly<Record<string, string>>
}

/** Any part of {@link BackendOptions}, at any depth. */
export interface BackendPatch {
  readonly database?: Partial<PoolOptions> | undefined
  readonly replicas?: Partial<ReplicaOptions> | undefined
  readonly voice?: Readonly<Record<string, Partial<VoiceOptions>>> | undefined
  readonly costs?: Partial<Record<Service, number>> | undefined
  readonly retryAfter?: 'none' | 'drain' | undefined
  readonly refusedHeaders?: Readonly<Record<string, string>> | undefined
  readonly timeoutHeaders?: Readonly<Record<string, string>> | undefined
}

/** Reads a change to the backend. */
export const readBackendPatch: Reader<BackendPatch> = partial<BackendPatch>({
  database: readPoolOptions,
  replicas: readReplicaOptions,
  voice: recordOf(readVoiceOptions),
  costs: partial<Record<Service, number>>({
    gateway: number(0),
    messages: number(0),
    voice: number(0),
    files: number(0),
    users: number(0),
  }),
  retryAfter: oneOf('none', 'drain'),
  refusedHeaders: headers,
  timeoutHeaders: headers,
})
