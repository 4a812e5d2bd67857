import { type Command, Option } from 'commander'
import type { LimitsPatch } from '../admin/action.ts'
import { type Service, services } from '../backend/service.ts'
import type { GatewayOptions, GatewayPatch } from '../gateway/gateway-options.ts'
import { given, parseNumber, remoteCommand, remoteOf, type Terminal } from './command-line.ts'

/** `limit`: shows the limits, or changes them while they count. */
export function limitCommand(terminal: Terminal): Command {
  const command = remoteCommand('limit')
    .description("show the API gateway's limits and Discord's own, or change them")
    .addOption(
      new Option('--mode <mode>', 'the gateway’s limiter').choices(['off', 'fixed', 'adaptive']),
    )
    .addOption(
      new Option('--algorithm <name>', 'how fixed limits are counted').choices([
        'fixed-window',
        'token-bucket',
      ]),
    )
    .addOption(new Option('--scope <scope>', 'counted together').choices(['service', 'client']))
    .option('--window-ms <ms>', 'the window of the limits', parseNumber)
    .addOption(
      new Option('--headers <form>', 'what a 429 says').choices([
        'none',
        'retry-after',
        'ratelimit',
        'backpressure',
        'discord',
      ]),
    )
    .option('--queue <n>', 'requests that may wait behind the gateway, or none', parseNumber)
    .addOption(
      new Option('--breaker <state>', 'stop calling services that fail').choices(['on', 'off']),
    )
    .option('--reject-ms <ms>', 'how long a refusal takes', parseNumber)
    .option('--max-per-second <n>', 'what the gateway can take in, or none', parseNumber)
    .addOption(new Option('--discord <state>', 'Discord’s own limits').choices(['on', 'off']))
    .option('--discord-global <n>', 'Discord’s requests a second per token', parseNumber)
  for (const service of services) {
    command.option(`--${service} <n>`, `requests of ${service} per window, or none`, parseNumber)
  }
  return command.action(async (options, self) => {
    const { mode, algorithm, scope, windowMs, headers, rejectMs, maxPerSecond } = options
    const { queue: queueLimit, breaker } = options
    const limits = given(
      Object.fromEntries(services.map((service) => [service, options[service]])) as Record<
        Service,
        number | undefined
      >,
    )
    const gateway = given({
      mode,
      algorithm,
      scope,
      windowMs,
      headers,
      rejectMs,
      maxPerSecond,
      queueLimit,
      breaker: breaker && { enabled: breaker === 'on' },
      limits: Object.keys(limits).length > 0 ? limits : undefined,
    }) as GatewayPatch
    const discord = given({
      enabled: options.discord === undefined ? undefined : options.discord === 'on',
      global:
        options.discordGlobal === undefined
          ? undefined
          : { limit: options.discordGlobal, windowMs: 1_000 },
    })
    const patch: LimitsPatch = given({
      gateway: Object.keys(gateway).length > 0 ? gateway : undefined,
      discord: Object.keys(discord).length > 0 ? discord : undefined,
    })
    const { admin, print } = remoteOf(self, terminal)
    const now =
      Object.keys(patch).length > 0
        ? await admin.patch<Limits>('/limits', patch)
        : await admin.get<Limits>('/limits')
    print(now, describe(now))
  })
}

interface Limits {
  readonly gateway: GatewayOptions
  readonly discord: { readonly enabled: boolean }
}

function describe({ gateway, discord }: Limits): string {
  const limits = services.map((service) => `${service} ${gateway.limits[service] ?? 'none'}`)
  return [
    `gateway ${gateway.mode}: ${limits.join(', ')} per ${gateway.windowMs} ms (${gateway.algorithm}, by ${gateway.scope}); a 429 says ${gateway.headers}`,
    `queue of ${gateway.queueLimit ?? 'any length'}, breakers ${gateway.breaker.enabled ? 'on' : 'off'}`,
    `Discord's limits ${discord.enabled ? 'on' : 'off'}`,
  ].join('\n')
}
