import { isSuccess, noAnswer } from '../backend/answers.ts'
import type { Backend } from '../backend/backend.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Lane } from '../kernel/lane.ts'
import type { Recorder } from '../metrics/recorder.ts'
import type { RandomStream } from '../random/random-stream.ts'
import { AttemptTable, stages } from './attempt-table.ts'
import { CallTable } from './call-table.ts'
import type { ClientModel, NewCall } from './client-model.ts'
import type { Connectivity } from './connectivity.ts'

/** What a fleet is part of. */
export interface FleetWorld {
  readonly kernel: Kernel
  readonly recorder: Recorder
  readonly connectivity: Connectivity
  /** Of the network: which attempts get lost. */
  readonly stream: RandomStream
  readonly roundTripMs: number
  readonly lossRatio: number
  readonly patienceMs: number
  /** A call failed for its user. */
  onFailed(client: number): void
}

/** Calls and attempts under way, between the models of clients and the backends. */
export class Fleet {
  readonly calls: CallTable = new CallTable()
  readonly attempts: AttemptTable = new AttemptTable()
  readonly kernel: Kernel
  models: readonly ClientModel[] = []
  backends: readonly Backend[] = []
  readonly #world: FleetWorld
  readonly #timeoutKind: number
  readonly #resumeKind: number
  readonly #offlineKind: number
  readonly #answers: Lane | undefined
  readonly #patience: Lane
  readonly #limits: Lane[] = []

  constructor(world: FleetWorld) {
    const { kernel, roundTripMs, patienceMs } = world
    this.#world = world
    this.kernel = kernel
    this.#timeoutKind = kernel.on((attempt) => this.#timeOut(attempt))
    this.#resumeKind = kernel.on((call) => this.#modelOf(call).resumed(call))
    this.#offlineKind = kernel.on((attempt) => this.#deliver(attempt))
    this.#answers = roundTripMs
      ? kernel.lane(roundTripMs, (attempt) => this.#deliver(attempt))
      : undefined
    this.#patience = kernel.lane(patienceMs, (call, stamp) => this.#loseUser(call, stamp))
  }

  /** Says that many attempts will have this limit, which then costs less. */
  expectLimit(limitMs: number): void {
    if (limitMs < Infinity && !this.#limits.some(({ delayMs }) => delayMs === limitMs))
      this.#limits.push(this.kernel.lane(limitMs, (attempt) => this.#timeOut(attempt)))
  }

  /** A user wants something. */
  start(wanted: NewCall): void {
    const { calls } = this
    const call = calls.begin(wanted, this.kernel.nowMs)
    this.#world.recorder.callStarted(wanted.client, wanted.cohort, wanted.priority)
    const model = this.#modelOf(call)
    if (model.outlivesPatience) this.kernel.after(this.#patience, call, calls.stamp[call] as number)
    model.start(call)
  }

  /** Sends an attempt, and gives its row; without an answer within `limitMs`, its model is told. */
  send(call: number, limitMs: number): number {
    const { calls, attempts, kernel } = this
    const { recorder, connectivity, stream, lossRatio } = this.#world
    const client = calls.client[call] as number
    const attempt = attempts.begin(calls, call, connectivity.regionOf(client, kernel.nowMs))
    recorder.attemptSent(calls.cohort[call] as number)
    this.#limit(attempt, limitMs)
    if (connectivity.isOffline(client, kernel.nowMs)) {
      attempts.status[attempt] = noAnswer.offline
      kernel.at(kernel.nowMs, this.#offlineKind, attempt)
    } else if (lossRatio && stream.next() < lossRatio) attempts.stage[attempt] = stages.lost
    else this.#backendOf(attempt).receive(attempt)
    return attempt
  }

  /** Gives a model its turn again. */
  wait(call: number, delayMs: number): void {
    this.kernel.at(this.kernel.nowMs + delayMs, this.#resumeKind, call)
  }

  /** The call is over. */
  end(call: number, status: number): void {
    const { calls } = this
    const { patienceMs, recorder, onFailed } = this.#world
    const tookMs = this.kernel.nowMs - (calls.startMs[call] as number)
    if (!calls.isForgotten[call]) {
      const isOk = isSuccess(status) && tookMs <= patienceMs
      recorder.callEnded(calls, call, tookMs, isOk)
      if (!isOk) onFailed(calls.client[call] as number)
    }
    calls.stamp[call] = (calls.stamp[call] as number) + 1
    calls.give(call)
  }

  /** Stops waiting for an attempt, which may go on without anybody. */
  abandon(attempt: number): void {
    const { calls, attempts } = this
    this.#world.recorder.attemptEnded(calls, attempts.call[attempt] as number, noAnswer.lost)
    attempts.call[attempt] = -1
    if (attempts.stage[attempt] === stages.lost) attempts.give(attempt)
    else this.#backendOf(attempt).abandoned(attempt)
  }

  /** Takes an answer from a backend to its client. */
  answer(attempt: number): void {
    if (this.#answers) this.kernel.after(this.#answers, attempt)
    else this.#deliver(attempt)
  }

  /** An attempt has ended for nobody. */
  drop(attempt: number): void {
    this.#world.recorder.worked(this.attempts.workMs[attempt] as number, false)
    this.attempts.give(attempt)
  }

  #deliver(attempt: number): void {
    const { calls, attempts } = this
    const { recorder, connectivity } = this.#world
    const call = attempts.call[attempt] as number
    if (call < 0) {
      this.drop(attempt)
      return
    }
    const client = calls.client[call] as number
    const answered = attempts.status[attempt] as number
    const isCut = answered >= 100 && connectivity.isOffline(client, this.kernel.nowMs)
    const status = isCut ? noAnswer.lost : answered
    recorder.attemptEnded(calls, call, status)
    const isUseful = isSuccess(status) && !calls.isForgotten[call]
    recorder.worked(attempts.workMs[attempt] as number, isUseful)
    attempts.call[attempt] = -1
    const retryAfterMs = attempts.retryAfterMs[attempt] as number
    attempts.give(attempt)
    this.#modelOf(call).answered(call, status, isCut ? NaN : retryAfterMs, attempt)
  }

  #limit(attempt: number, limitMs: number): void {
    const { kernel, attempts } = this
    attempts.limitAtMs[attempt] = kernel.nowMs + limitMs
    if (limitMs === Infinity) return
    for (const lane of this.#limits)
      if (lane.delayMs === limitMs) {
        kernel.after(lane, attempt)
        return
      }
    kernel.at(kernel.nowMs + limitMs, this.#timeoutKind, attempt)
  }

  #timeOut(attempt: number): void {
    const call = this.attempts.call[attempt] as number
    // The row may have been used again since.
    if (call < 0 || this.attempts.limitAtMs[attempt] !== this.kernel.nowMs) return
    this.abandon(attempt)
    this.#modelOf(call).timedOut(call)
  }

  #loseUser(call: number, stamp: number): void {
    const { calls } = this
    if (calls.stamp[call] !== stamp || calls.isForgotten[call]) return
    calls.isForgotten[call] = 1
    this.#world.recorder.callEnded(calls, call, this.#world.patienceMs, false)
    this.#world.onFailed(calls.client[call] as number)
  }

  #modelOf(call: number): ClientModel {
    return this.models[this.calls.cohort[call] as number] as ClientModel
  }

  #backendOf(attempt: number): Backend {
    return this.backends[this.attempts.region[attempt] as number] as Backend
  }
}
