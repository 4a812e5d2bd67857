import type { Random } from '@evenkeel/core'
import type { FleetHint } from '@evenkeel/rate-limit/fleet-hint'
import { Backend } from './backend/backend.ts'
import type { Cohort, Contender, Shell } from './contenders/contender.ts'
import type { ClientModel } from './fleet/client-model.ts'
import { cohortOf } from './fleet/cohort-of.ts'
import { Connectivity } from './fleet/connectivity.ts'
import { Fleet } from './fleet/fleet.ts'
import { Population } from './fleet/population.ts'
import { Kernel } from './kernel/kernel.ts'
import { Recorder } from './metrics/recorder.ts'
import { PolicyStack } from './policy/policy-stack.ts'
import { RandomStream } from './random/random-stream.ts'
import { priorities } from './scenario/priorities.ts'
import type { ResolvedScenario } from './scenario/resolve-scenario.ts'
import { virtualPlatform } from './shells/platform-time.ts'
import { ShellModel } from './shells/shell-model.ts'
import { takeTurns } from './shells/take-turns.ts'
import { VirtualClock } from './shells/virtual-clock.ts'
import { withoutStacks } from './shells/without-stacks.ts'
import { startTimeline } from './timeline.ts'

/** One contender's way through a scenario. */
export class Storm {
  readonly kernel: Kernel = new Kernel()
  readonly fleet: Fleet
  readonly recorder: Recorder
  readonly #scenario: ResolvedScenario
  readonly #cohorts: readonly Cohort[]
  readonly #population: Population
  readonly #connectivity: Connectivity
  readonly #users: RandomStream
  /** Of shells. */
  readonly #random: Random
  #clock: VirtualClock | undefined
  #usesPlatform = false
  #isTouched = false
  /** The part of the calls of each priority. */
  readonly #shares: readonly number[]

  constructor(scenario: ResolvedScenario, contender: Contender, seed: number) {
    const { durationMs, clients, peak, trigger, load, network } = scenario
    const { kernel } = this
    const regions = scenario.regions ?? [{ name: 'all', ratio: 1 }]
    const stream = (name: string): RandomStream => new RandomStream(seed, name)
    this.#scenario = scenario
    this.#cohorts = contender.cohorts
    this.#population = new Population(clients, load.classes)
    this.#connectivity = new Connectivity(regions, scenario.offline ?? [])
    this.#users = stream('users')
    this.#shares = priorities.map((name) => load.priorities[name])
    this.recorder = new Recorder(kernel, {
      durationMs,
      clients,
      peak,
      priorities: priorities.length,
      cohorts: contender.cohorts.length,
      calmUntilMs: trigger[0],
    })
    this.fleet = new Fleet({
      kernel,
      recorder: this.recorder,
      connectivity: this.#connectivity,
      stream: stream('network'),
      roundTripMs: network.roundTripMs,
      lossRatio: network.lossRatio,
      patienceMs: load.patienceMs,
      onFailed: this.#reloading(stream('people')),
    })
    const { fleet } = this
    const heeding = contender.cohorts.map(({ rules }) => rules?.fleetHint ?? false)
    fleet.backends = regions.map(({ name, ratio }) => {
      const world = {
        kernel,
        attempts: fleet.attempts,
        seed,
        scale: scenario.scale * ratio,
        heedsHint: (client: number) => heeding[this.#cohortOf(client)] as boolean,
        answer: (attempt: number) => fleet.answer(attempt),
        drop: (attempt: number) => fleet.drop(attempt),
      }
      return new Backend(world, scenario.backend, name)
    })
    const { random } = stream('policies')
    this.#random = random
    fleet.models = contender.cohorts.map((cohort) => this.#model(cohort, random))
    startTimeline(scenario, {
      kernel,
      fleet,
      recorder: this.recorder,
      connectivity: this.#connectivity,
      stream: stream('arrivals'),
      drawClient: () => this.#population.draw(this.#users),
      call: (client) => this.#call(client),
    })
  }

  /** What the backends can serve at best, in calls a second. */
  get capacity(): number {
    return this.fleet.backends.reduce((sum, { capacity }) => sum + capacity, 0)
  }

  /** Handles all that is due by an instant. */
  async runUntil(untilMs: number): Promise<void> {
    const { kernel } = this
    if (!this.#clock) {
      kernel.run(untilMs)
      return
    }
    const restoreStacks = withoutStacks()
    const restore = this.#usesPlatform ? virtualPlatform(this.#clock, this.#random) : undefined
    try {
      // Promises go on between two events, and nowhere else.
      await takeTurns(() => {
        this.#isTouched = false
        while (kernel.step(untilMs)) if (this.#isTouched) return true
        return false
      })
      kernel.run(untilMs)
    } finally {
      restore?.()
      restoreStacks()
    }
  }

  #shellModel({ connect }: Shell, random: Random): ShellModel {
    const touched = (): void => {
      this.#isTouched = true
    }
    this.#clock ??= new VirtualClock(this.kernel, touched)
    return new ShellModel({ fleet: this.fleet, clock: this.#clock, random, touched }, connect)
  }

  #model({ rules = {}, shell }: Cohort, random: Random): ClientModel {
    if (shell) {
      this.#usesPlatform ||= shell.usesPlatform ?? false
      return this.#shellModel(shell, random)
    }
    const { fleet, kernel } = this
    const { clients, load } = this.#scenario
    const hint = (client: number): FleetHint | undefined => {
      const region = this.#connectivity.regionOf(client, kernel.nowMs)
      return fleet.backends[region]?.hintAt(kernel.nowMs)
    }
    return new PolicyStack({ fleet, clients, random, hint }, load.patienceMs, rules)
  }

  /** What users do whose call failed. */
  #reloading(people: RandomStream): (client: number) => void {
    const { reloads, durationMs } = this.#scenario
    if (!reloads) return () => {}
    const { kernel } = this
    const { ratio, afterMs = [2000, 10_000], forgets = true } = reloads
    const reload = kernel.on((client) => {
      if (kernel.nowMs >= durationMs) return
      if (forgets) this.fleet.models[this.#cohortOf(client)]?.forget(client)
      this.#call(client)
    })
    return (client) => {
      if (people.next() >= ratio) return
      const delayMs = afterMs[0] + people.next() * (afterMs[1] - afterMs[0])
      kernel.at(kernel.nowMs + delayMs, reload, client)
    }
  }

  #call(client: number): void {
    const users = this.#users
    const { readRatio, idempotentRatio } = this.#scenario.load
    let left = users.next()
    let priority = 0
    while (priority < this.#shares.length - 1 && left >= (this.#shares[priority] as number))
      left -= this.#shares[priority++] as number
    const isRead = users.next() < readRatio
    const isIdempotent = isRead || users.next() < idempotentRatio
    const cohort = this.#cohortOf(client)
    this.fleet.start({ client, cohort, priority, isRead, isIdempotent })
  }

  #cohortOf(client: number): number {
    return cohortOf(this.#cohorts, client, this.kernel.nowMs)
  }
}
