import type { Action } from '../admin/action.ts'
import type { Scheduled, Scheduler } from '../backend/scheduler.ts'
import type { Script } from './script.ts'

export interface ScenarioStatus {
  /** Tells it from one that takes its place. */
  readonly id: number
  readonly name: string | undefined
  readonly state: 'running' | 'finished' | 'stopped'
  readonly elapsedMs: number
  readonly steps: number
  readonly done: readonly DoneStep[]
}

export interface DoneStep {
  readonly atMs: number
  readonly note: string | undefined
  /** Why the step could not be done, if it could not; the scenario goes on. */
  readonly error: string | undefined
}

/** Runs a script's steps, each at its time. */
export class Scenario {
  readonly #id: number
  readonly #scheduler: Scheduler
  readonly #script: Script
  readonly #startedMs: number
  readonly #done: DoneStep[] = []
  readonly #pending = new Set<Scheduled>()
  #endedMs: number | undefined
  #stopped = false

  constructor(scheduler: Scheduler, id: number, script: Script, act: (action: Action) => void) {
    const { time = 1, steps } = script
    this.#id = id
    this.#scheduler = scheduler
    this.#script = script
    this.#startedMs = scheduler.now()
    for (const { atMs, do: action, note } of steps) {
      const pending = scheduler.schedule(() => {
        this.#pending.delete(pending)
        let error: string | undefined
        try {
          act(action)
        } catch (caught) {
          error = String(caught)
        }
        this.#done.push({ atMs: this.#elapsedMs, note, error })
        if (this.#pending.size === 0) this.#endedMs = scheduler.now()
      }, atMs / time)
      this.#pending.add(pending)
    }
    if (steps.length === 0) this.#endedMs = this.#startedMs
  }

  get status(): ScenarioStatus {
    return {
      id: this.#id,
      name: this.#script.name,
      state: this.#stopped ? 'stopped' : this.#pending.size > 0 ? 'running' : 'finished',
      elapsedMs: this.#elapsedMs,
      steps: this.#script.steps.length,
      done: [...this.#done],
    }
  }

  /** Leaves the steps that are still to come undone. */
  stop(): void {
    if (this.#pending.size === 0) return
    for (const step of this.#pending) step.cancel()
    this.#pending.clear()
    this.#stopped = true
    this.#endedMs = this.#scheduler.now()
  }

  get #elapsedMs(): number {
    return (this.#endedMs ?? this.#scheduler.now()) - this.#startedMs
  }
}
