import { once } from 'node:events'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { PresetName } from '../backend/presets.ts'
import type { Scale } from '../backend/scaled.ts'
import { services } from '../backend/service.ts'
import { logLine } from '../cascade/log-line.ts'
import type { GatewayOptions } from '../gateway/gateway-options.ts'
import { startIncident } from '../start-incident.ts'
import { CommandError } from './admin-client.ts'
import { parseNumber, type Terminal } from './command-line.ts'

interface StartOptions {
  readonly host: string
  readonly port: number
  readonly preset: PresetName | 'none'
  readonly scale: Scale
  readonly seed: number
  readonly gateway: GatewayOptions['mode']
  readonly discordLimits: boolean
  readonly fleetHint?: boolean
  readonly respond?: boolean
  readonly json?: boolean
}

/** Parses `10,10`: rates and times are divided by these. */
function parseScale(text: string): Scale {
  const [rate, time, ...rest] = text.split(',').map(Number)
  if (!rate || !time || rate < 0 || time < 0 || rest.length > 0) {
    throw new InvalidArgumentError('Not a scale, as in 10,10 for rate and time.')
  }
  return { rate, time }
}

/** The options that choose a backend. */
export const presetOption = () =>
  new Option('--preset <name>', 'the backend behind the routes')
    .choices(['legacy', 'bounded', 'prio', 'none'])
    .default('legacy')

export const scaleOption = () =>
  new Option('--scale <rate,time>', "divides the incident's rates and times")
    .argParser(parseScale)
    .default({ rate: 1, time: 1 }, '1,1')

/** `start`: runs the mock until it is told to stop. */
export function startCommand(terminal: Terminal): Command {
  return new Command('start')
    .description('start the mock, until Ctrl-C')
    .option('--port <port>', 'port; 0 takes a free one', parseNumber, 8080)
    .option('--host <host>', 'address to listen on', '127.0.0.1')
    .addOption(presetOption())
    .addOption(scaleOption())
    .option('--seed <number>', 'seed of service times and faults', parseNumber, 1)
    .addOption(
      new Option('--gateway <mode>', "the API gateway's limiter")
        .choices(['off', 'fixed', 'adaptive'])
        .default('off'),
    )
    .option('--no-discord-limits', "switch Discord's own rate limits off")
    .option('--respond', 'defend itself when a cascade is noticed')
    .option('--fleet-hint', 'publish a level to all clients')
    .option('--json', 'write JSON')
    .action(async (options: StartOptions) => {
      const { host, port, preset, scale, seed, gateway, discordLimits, json } = options
      const { fleetHint = false, respond = false } = options
      const free = Object.fromEntries(services.map((service) => [service, 0]))
      const mock = await startIncident({
        host,
        port,
        seed,
        scale,
        limits: { enabled: discordLimits },
        gateway: { mode: gateway },
        fleetHint: { enabled: fleetHint },
        cascade: { respond },
        log: (entry) => terminal.out(json ? JSON.stringify(entry) : logLine(entry)),
        ...(preset === 'none' ? { backend: { costs: free } } : { preset }),
      }).catch((error: Error) => {
        throw new CommandError(`cannot start at ${host}:${port}: ${error.message}`, 1)
      })
      terminal.out(
        json
          ? JSON.stringify({ url: mock.url, apiUrl: mock.apiUrl })
          : `mock-discord at ${mock.url} (API ${mock.apiUrl}/v10, admin ${mock.url}/admin), backend ${preset}`,
      )
      if (!terminal.stopped.aborted) await once(terminal.stopped, 'abort')
      await mock.close()
    })
}
