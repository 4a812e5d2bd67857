import type { ApiRequest } from '../stage.ts'
import type { BackendOptions, BackendPatch } from './backend-options.ts'
import { isWorkDone, type JobOutcome } from './job.ts'
import { Pool } from './pool.ts'
import type { PoolObserver, PoolStatus } from './pool-status.ts'
import { Replicas, type ReplicasStatus } from './replicas.ts'
import { kneeConcurrency, throughputPerSecond } from './scalability.ts'
import type { Scheduler } from './scheduler.ts'
import { seededRandom } from './seeded-random.ts'
import { VoiceCluster, type VoiceStatus } from './voice-cluster.ts'
import { VoiceRegions } from './voice-regions.ts'

/** What the backend must know of a request. */
export type Work = Pick<ApiRequest, 'service' | 'write' | 'client' | 'priority' | 'gone' | 'isGone'>

export interface BackendStatus {
  readonly database: PoolStatus
  readonly replicas: ReplicasStatus
  readonly voice: Readonly<Record<string, VoiceStatus>>
}

/** Messages, Voice, Files and Users in front of one database; a voice join needs a media server as well. */
export class Backend {
  readonly #database: Pool
  readonly #replicas: Replicas
  readonly #regions: VoiceRegions
  #options: BackendOptions

  constructor(
    scheduler: Scheduler,
    options: BackendOptions,
    seed: number,
    observer?: PoolObserver,
  ) {
    const { database, replicas, voice } = options
    const random = seededRandom(seed)
    this.#options = options
    this.#database = new Pool(scheduler, random, database, observer)
    this.#replicas = new Replicas(scheduler, random, replicas, database, observer)
    this.#regions = new VoiceRegions(
      Object.entries(voice).map(([name, region]) => [
        name,
        new VoiceCluster(scheduler, random, region),
      ]),
    )
  }

  get options(): BackendOptions {
    return {
      ...this.#options,
      database: this.#database.options,
      replicas: this.#replicas.options,
      voice: this.#regions.options,
    }
  }

  /** What the backend's refusals say. */
  get hints(): Pick<BackendOptions, 'retryAfter' | 'refusedHeaders' | 'timeoutHeaders'> {
    return this.#options
  }

  get inUse(): number {
    return this.#database.inUse
  }

  get queued(): number {
    return this.#database.queued
  }

  get status(): BackendStatus {
    return {
      database: this.#database.status,
      replicas: this.#replicas.status,
      voice: this.#regions.status,
    }
  }

  /** Whether more is in service than the database serves best. */
  get isBeyondKnee(): boolean {
    const { inUse, options } = this.#database
    return inUse > kneeConcurrency(options)
  }

  /** How many are there beyond what the database serves best: in service, or waiting. */
  get excess(): number {
    const { inUse, queued, options } = this.#database
    return queued + Math.max(0, inUse - kneeConcurrency(options))
  }

  /** Requests of cost 1 that the database does in a second at its best. */
  get capacityPerSecond(): number {
    const { options } = this.#database
    return throughputPerSecond(options, Math.min(options.poolSize, kneeConcurrency(options)))
  }

  /** How long the database's queue would take to drain at its present speed, in ms. */
  get drainMs(): number {
    return this.#database.drainMs
  }

  /** The same for the joins that wait for a media server, in the region where it takes longest. */
  get voiceDrainMs(): number {
    return this.#regions.drainMs
  }

  /** How many wait for one, in the region where most do. */
  get voiceQueued(): number {
    return this.#regions.queued
  }

  /**
   * Changes options while work is under way.
   *
   * @throws RangeError for a voice region that does not exist.
   */
  configure(patch: BackendPatch): void {
    this.check(patch)
    const { database = {}, replicas = {}, voice = {}, costs = {} } = patch
    this.#regions.configure(voice)
    this.#database.configure(database)
    this.#replicas.configure(replicas, database)
    this.#options = {
      ...this.#options,
      costs: { ...this.#options.costs, ...costs },
      retryAfter: patch.retryAfter ?? this.#options.retryAfter,
      refusedHeaders: patch.refusedHeaders ?? this.#options.refusedHeaders,
      timeoutHeaders: patch.timeoutHeaders ?? this.#options.timeoutHeaders,
    }
  }

  /** @throws RangeError for a change that {@link configure} would refuse. */
  check({ voice = {} }: BackendPatch): void {
    this.#regions.check(Object.keys(voice))
  }

  /** Does a request's work, then tells what became of it; at once when it needs none. */
  submit(work: Work, settle: (outcome: JobOutcome) => void): void {
    const { service, write, client, priority } = work
    if (service === 'voice' && write) {
      this.#regions.at(client).submit({
        priority,
        cost: 1,
        client: work,
        settle: (outcome) => {
          if (isWorkDone(outcome)) this.#query(work, settle)
          else settle(outcome)
        },
      })
    } else {
      this.#query(work, settle)
    }
  }

  close(): void {
    this.#regions.close()
  }

  #query(work: Work, settle: (outcome: JobOutcome) => void): void {
    const { service, write, client, priority } = work
    const cost = this.#options.costs[service]
    if (cost === 0) {
      settle('done')
      return
    }
    const pool = (write ? undefined : this.#replicas.route(client)) ?? this.#database
    pool.submit({
      priority,
      cost,
      client: work,
      settle: write
        ? (outcome) => {
            if (isWorkDone(outcome)) this.#replicas.wrote(client)
            settle(outcome)
          }
        : settle,
    })
  }
}
