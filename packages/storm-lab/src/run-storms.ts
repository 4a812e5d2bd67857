import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { checkNumber } from '@evenkeel/core'
import type { ContenderName } from './contenders/contenders.ts'
import type { Report } from './report/report.ts'
import type { Progress } from './run-storm.ts'
import type { ScenarioName } from './scenarios/scenarios.ts'

/** A run for a worker: scenario and contenders by their names in the lab, or as modules that export them by default. */
export interface StormJob {
  /** A name, or the `file:` URL of a module whose default export is a scenario. */
  readonly scenario: ScenarioName | URL
  /** Names, or `file:` URLs of modules whose default export is a contender, or several. @defaultValue as of `runStorm` */
  readonly contenders?: readonly (ContenderName | URL)[] | undefined
  readonly clients?: number | undefined
  readonly callsPerClient?: number | undefined
  readonly seed?: number | undefined
}

/** How jobs are run. */
export interface RunStormsOptions {
  /** How many at a time, each on a thread of its own. @defaultValue as many as there are cores */
  readonly workers?: number | undefined
  /** Told how far each job is. */
  readonly onProgress?: ((job: number, progress: Progress) => void) | undefined
  /** Ends all of them. */
  readonly signal?: AbortSignal | undefined
}

/** What a worker says. */
export type WorkerMessage =
  | { readonly progress: Progress }
  | { readonly report: Report }
  | { readonly error: unknown }

/** Where this package's source runs, as in its own tests, so does its worker. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const conditions = extension === 'ts' ? ['--conditions=@evenkeel/source'] : []

/**
 * Runs jobs on threads of their own, so many at a time, and gives their reports in the order of the jobs.
 *
 * @throws what a job threw, the other jobs ended; the reason of `signal`
 */
export async function runStorms(
  jobs: readonly StormJob[],
  { workers = availableParallelism(), onProgress, signal }: RunStormsOptions = {},
): Promise<Report[]> {
  checkNumber('storm', 'workers', workers, 1)
  signal?.throwIfAborted()
  const reports = new Array<Report>(jobs.length)
  const controller = new AbortController()
  const stop = (): void => controller.abort(signal?.reason)
  signal?.addEventListener('abort', stop)
  let next = 0
  async function work(): Promise<void> {
    while (next < jobs.length) {
      const which = next++
      const tell = (progress: Progress): void => onProgress?.(which, progress)
      reports[which] = await runJob(jobs[which] as StormJob, tell, controller.signal)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, work))
  } catch (error) {
    controller.abort(error)
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
  }
  return reports
}

function runJob(
  job: StormJob,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Report> {
  return new Promise((resolve, reject) => {
    const { scenario, contenders } = job
    const workerData = {
      ...job,
      scenario: String(scenario),
      contenders: contenders?.map(String),
    }
    const url = new URL(`./storm-worker.${extension}`, import.meta.url)
    const worker = new Worker(url, { workerData, execArgv: [...process.execArgv, ...conditions] })
    const abort = (): void => end(() => reject(signal.reason))
    function end(settle: () => void): void {
      signal.removeEventListener('abort', abort)
      settle()
      worker.terminate()
    }
    signal.addEventListener('abort', abort)
    worker.on('message', (message: WorkerMessage) => {
      if ('progress' in message) onProgress(message.progress)
      else if ('report' in message) end(() => resolve(message.report))
      else end(() => reject(message.error))
    })
    worker.on('error', (error) => end(() => reject(error)))
  })
}
