import type { ApiRequest } from '../stage.ts'
import type { BackendOptions, BackendPatch } from './backend-options.ts'
import type { JobOutcome } from './job.ts'
import { Pool, type PoolObserver, type PoolStatus } from './pool.ts'
import { Replicas, type ReplicasStatus } from './replicas.ts'
import { serviceTimeMs } from './scalability.ts'
import type { Scheduler } from './scheduler.ts'
import { seededRandom } from './seeded-random.ts'
import { VoiceCluster, type VoiceStatus } from './voice-cluster.ts'
import { VoiceRegions } from './voice-regions.ts'

/** What the backend must know of a request. */
export type Work = Pick<ApiRequest, 'service' | 'write' | 'path' | 'client' | 'priority'> & {
  readonly gone?: AbortSignal | undefined
}

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

  get status(): BackendStatus {
    return {
      database: this.#database.status,
      replicas: this.#replicas.status,
      voice: this.#regions.status,
    }
  }

  /** How long the database's queue would take to drain at its present speed, in ms. */
  get drainMs(): number {
    const { queued, inUse, options } = this.#database
    return queued === 0 ? 0 : (queued * serviceTimeMs(options, inUse)) / inUse
  }

  /**
   * Changes options while work is under way.
   *
   * @throws RangeError for a voice region that does not exist.
   */
  configure(patch: BackendPatch): void {
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

  /** Does a request's work, then tells what became of it; at once when it needs none. */
  submit(work: Work, settle: (outcome: JobOutcome) => void): void {
    const { service, write, path, priority, gone } = work
    if (service === 'voice' && write) {
      this.#regions.at(path).submit({
        priority,
        cost: 1,
        gone,
        settle: (outcome) => {
          if (outcome === 'done') this.#query(work, settle)
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
    const { service, write, client, priority, gone } = work
    const cost = this.#options.costs[service]
    if (cost === 0) {
      settle('done')
      return
    }
    const pool = (write ? undefined : this.#replicas.route(client)) ?? this.#database
    pool.submit({
      priority,
      cost,
      gone,
      settle: write
        ? (outcome) => {
            if (outcome === 'done') this.#replicas.wrote(client)
            settle(outcome)
          }
        : settle,
    })
  }
}
