import { checkNumber } from '@evenkeel/core'
import type { Contender } from '../contenders/contender.ts'
import { checkBackend, checkChange } from './check-backend.ts'
import { checkNames } from './known-names.ts'
import type { Scenario } from './scenario.ts'
import { scenarioNames } from './scenario-names.ts'
import type { SocketFleet } from './socket-fleet.ts'

/** How many clients one run can have: what a row number can tell apart is more, but memory is not. */
export const maxClients = 10_000_000

const owner = 'storm'

/** Checks a part of a whole. */
function checkRatio(name: string, ratio: number | undefined): void {
  if (ratio !== undefined) checkNumber(owner, name, ratio, 0, 1)
}

/** Checks that times are in order and within the scenario. */
function checkSpan(name: string, [fromMs, toMs]: readonly [number, number], endMs: number): void {
  checkNumber(owner, `${name}[0]`, fromMs, 0, endMs, `from 0 to durationMs (${endMs})`)
  checkNumber(owner, `${name}[1]`, toMs, fromMs, endMs, `from ${name}[0] to durationMs (${endMs})`)
}

/** @throws `RangeError` for a scenario that can't be run, naming what is wrong */
export function checkScenario(scenario: Scenario): void {
  checkNames('scenario', scenario, scenarioNames)
  const { durationMs, trigger, peak, load, backend, regions, changes = [] } = scenario
  const { pulses = [], offline = [] } = scenario
  checkNumber(owner, 'durationMs', durationMs, 60_000, 7 * 86_400_000)
  checkSpan('trigger', trigger, durationMs)
  if (peak) checkSpan('peak', peak, durationMs)
  checkNumber(owner, 'load.callsPerSecond', load.callsPerSecond, Number.MIN_VALUE, 1e9, '> 0')
  let lastMs = 0
  for (const [atMs, factor] of load.shape ?? []) {
    checkNumber(owner, 'load.shape', atMs, lastMs, Infinity, `in order (after ${lastMs})`)
    checkNumber(owner, 'load.shape', factor, 0, 1e6)
    lastMs = atMs
  }
  if (load.priorities) checkSum('load.priorities', Object.values(load.priorities))
  if (load.classes)
    checkSum(
      'load.classes',
      load.classes.map(({ ratio }) => ratio),
    )
  checkRatio('load.readRatio', load.readRatio)
  checkRatio('load.idempotentRatio', load.idempotentRatio)
  checkRatio('reloads.ratio', scenario.reloads?.ratio)
  checkRatio('network.lossRatio', scenario.network?.lossRatio)
  for (const [which, { atMs, ratio }] of pulses.entries()) {
    checkNumber(owner, `pulses[${which}].atMs`, atMs, 0, durationMs)
    checkRatio(`pulses[${which}].ratio`, ratio)
  }
  for (const [which, { ratio }] of offline.entries()) checkRatio(`offline[${which}].ratio`, ratio)
  checkBackend(backend)
  for (const [which, change] of changes.entries()) {
    checkNumber(owner, `changes[${which}].atMs`, change.atMs, 0, durationMs)
    checkChange(`changes[${which}]`, change)
  }
  if (scenario.sockets) checkSockets(scenario.sockets, durationMs)
  if (regions)
    checkSum(
      'regions',
      regions.map(({ ratio }) => ratio),
    )
  const names = new Set(regions?.map(({ name }) => name))
  for (const { region, failover } of changes)
    for (const name of [region, failover?.to])
      if (name !== undefined && !names.has(name))
        throw new RangeError(`${owner}: changes name the region '${name}', which there is not`)
}

function checkSockets({ drops, ...gateway }: SocketFleet, durationMs: number): void {
  const { acceptsPerSecond, acceptQueue = 1, dialTimeoutMs = 1 } = gateway
  const bounds = { acceptsPerSecond, acceptQueue, dialTimeoutMs }
  for (const [name, value] of Object.entries(bounds))
    checkNumber(owner, `sockets.${name}`, value, 1)
  checkNumber(owner, 'sockets.drops.length', drops.length, 1)
  for (const [which, { atMs, ratio, overMs = 0 }] of drops.entries()) {
    checkNumber(owner, `sockets.drops[${which}].atMs`, atMs, 0, durationMs)
    checkNumber(owner, `sockets.drops[${which}].overMs`, overMs, 0, durationMs)
    checkRatio(`sockets.drops[${which}].ratio`, ratio)
  }
}

/** @throws `RangeError` for a run that can't be */
export function checkRun(
  scenario: Scenario,
  options: {
    readonly clients?: number | undefined
    readonly callsPerClient?: number | undefined
    readonly seed: number
    readonly contenders: readonly Contender[]
  },
): void {
  checkScenario(scenario)
  const { clients = 1, callsPerClient = 1, seed, contenders } = options
  checkNumber(owner, 'clients', clients % 1 ? NaN : clients, 1, maxClients, 'a whole number')
  checkNumber(owner, 'callsPerClient', callsPerClient, 1e-6, 1e6)
  checkNumber(owner, 'seed', seed % 1 ? NaN : seed, 0, Number.MAX_SAFE_INTEGER, 'a whole number')
  checkNumber(owner, 'contenders.length', contenders.length, 1)
}

function checkSum(name: string, ratios: readonly number[]): void {
  for (const ratio of ratios) checkRatio(name, ratio)
  const sum = ratios.reduce((total, ratio) => total + ratio, 0)
  if (!(Math.abs(sum - 1) < 1e-9))
    throw new RangeError(`${owner}: the ratios of ${name} must add up to 1, got ${sum}`)
}
