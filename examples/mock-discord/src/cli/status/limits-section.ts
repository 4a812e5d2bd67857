import type { MockStatus } from '../../admin/mock-status.ts'
import { type Service, services } from '../../backend/service.ts'
import { count, ms, percent } from '../units.ts'
import { type Paint, table, toneOf } from './look.ts'

/** What limits have done to each API in the last hour, and what they are now. */
export function limitsSection(status: MockStatus, paint: Paint): string[] {
  const { gateway, hour, discord } = status
  const known = services.filter((service) => hour.services[service])
  const rows = known.map((service) => {
    const { requests = 0, limited = 0, failed = 0 } = hour.services[service] ?? {}
    return [
      service,
      count(requests),
      percent(limited / Math.max(1, requests)),
      percent(failed / Math.max(1, requests)),
      limitOf(status, service),
      breakerOf(status, service),
    ]
  })
  const lines = table([['', 'requests', '429', 'failed', 'limit', 'breaker'], ...rows])
  const shed = Object.entries(gateway.shed).filter(([, number]) => number > 0)
  const more = [
    ...(gateway.overrun > 0 ? [`${count(gateway.overrun)} beyond what the gateway takes in`] : []),
    ...shed.map(([priority, number]) => `${count(number)} ${priority} shed`),
    ...discordCounts(discord),
  ]
  // JSON has no infinity.
  const queueLimit = gateway.queueLimit ?? Number.POSITIVE_INFINITY
  const waiting =
    queueLimit === Number.POSITIVE_INFINITY ? '' : `, at most ${count(queueLimit)} wait`
  return [
    `Rate limits   gateway ${gateway.mode}, Discord's ${discord.enabled ? 'on' : 'off'}${waiting}`,
    ...lines.map((line, index) => {
      const {
        requests = 0,
        limited = 0,
        failed = 0,
      } = hour.services[known[index - 1] as Service] ?? {}
      const tone =
        index === 0 ? 'dim' : toneOf((limited + failed) / Math.max(1, requests), 0.05, 0.3)
      return `  ${tone === 'good' ? line : paint(line, tone)}`
    }),
    ...(more.length > 0 ? [`  ${more.join(', ')}`] : []),
  ]
}

function limitOf({ gateway }: MockStatus, service: Service): string {
  const { mode, limits, windowMs, quotas } = gateway
  if (mode === 'off') return 'none'
  if (mode === 'adaptive') {
    const quota = quotas[service]
    return quota === undefined ? '–' : `${quota.toFixed(1)}/s`
  }
  const limit = limits[service]
  return limit === null || limit === Number.POSITIVE_INFINITY
    ? 'none'
    : `${count(limit)} in ${ms(windowMs)}`
}

function breakerOf({ gateway }: MockStatus, service: Service): string {
  const breaker = gateway.breakers[service]
  if (!breaker) return '–'
  return breaker.state === 'open' ? `open ${ms(breaker.opensForMs)}` : breaker.state
}

function discordCounts(discord: MockStatus['discord']): string[] {
  const { user, sub, shared, global, bans } = discord
  const counts = { user: user + sub, shared, global }
  return [
    ...Object.entries(counts).flatMap(([scope, number]) =>
      number > 0 ? [`${count(number)} ${scope} 429s of Discord's`] : [],
    ),
    ...(bans > 0 ? [`${count(bans)} bans`] : []),
  ]
}
