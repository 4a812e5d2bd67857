import { checkNumber } from '@evenkeel/core'
import type { BackendChange, BackendOptions } from '../backend/backend-options.ts'
import type { GatewayOptions } from '../backend/gateway-options.ts'
import type { StationOptions } from '../backend/station-options.ts'

const least = Number.MIN_VALUE

/** Checks a number that may be left out. */
function checkLeast(name: string, value: number | undefined, min: number): void {
  if (value !== undefined)
    checkNumber('storm', name, value, min, Infinity, min === least ? '> 0' : undefined)
}

function checkOneOf(name: string, value: string | undefined, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value))
    throw new RangeError(`storm: ${name} must be ${known.join(', ')}, got ${value}`)
}

function checkStation(what: string, station: Partial<StationOptions> | undefined): void {
  if (!station) return
  const { workers, serviceMs, queue, queueTimeoutMs, contention, coherency } = station
  checkLeast(`${what}.workers`, workers, 1)
  checkLeast(`${what}.serviceMs`, serviceMs, least)
  const others = { queue, queueTimeoutMs, contention, coherency }
  for (const [name, value] of Object.entries(others)) checkLeast(`${what}.${name}`, value, 0)
  checkOneOf(`${what}.discipline`, station.discipline, ['fifo', 'lifo', 'priority', 'codel'])
  checkOneOf(`${what}.distribution`, station.distribution, ['fixed', 'erlang2', 'exponential'])
  checkOneOf(`${what}.sharing`, station.sharing, ['at-start', 'processor'])
}

function checkGateway(what: string, gateway: GatewayOptions = {}): void {
  const { state, maxPerSecond, rejectMs, limiter, faults } = gateway
  checkOneOf(`${what}.state`, state, ['up', 'refusing', 'silent', 'holding'])
  checkLeast(`${what}.maxPerSecond`, maxPerSecond, least)
  checkLeast(`${what}.rejectMs`, rejectMs, 0)
  if (limiter) {
    const kinds = ['fixed-window', 'token-bucket', 'slots', 'adaptive']
    checkOneOf(`${what}.limiter.kind`, limiter.kind ?? 'none', kinds)
    checkNumber('storm', `${what}.limiter.perSecond`, limiter.perSecond, least, Infinity, '> 0')
  }
  if (faults) checkNumber('storm', `${what}.faults.ratio`, faults.ratio, 0, 1)
}

/** Checks what a backend has from the start. */
export function checkBackend(backend: BackendOptions): void {
  const { service, dependency, gateway, replicas } = backend
  for (const [name, station] of Object.entries({ service, dependency }))
    if (station) {
      // Later on they may be left out.
      checkNumber('storm', `backend.${name}.workers`, station.workers, 1)
      checkNumber('storm', `backend.${name}.serviceMs`, station.serviceMs, least, Infinity, '> 0')
      checkStation(`backend.${name}`, station)
    }
  checkGateway('backend.gateway', gateway)
  checkLeast('backend.replicas', replicas, 0)
}

/** Checks what of it changes. */
export function checkChange(what: string, change: BackendChange): void {
  const { gateway, service, serviceSize, dependency, dependencySize } = change
  checkGateway(`${what}.gateway`, gateway)
  checkStation(`${what}.service`, service)
  checkStation(`${what}.dependency`, dependency)
  checkLeast(`${what}.serviceSize`, serviceSize, 0)
  checkLeast(`${what}.dependencySize`, dependencySize, 0)
}
