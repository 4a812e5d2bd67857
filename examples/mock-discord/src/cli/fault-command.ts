import { Command, Option } from 'commander'
import type { Fault } from '../faults/fault.ts'
import type { FaultRule } from '../faults/fault-rule.ts'
import type { ActiveFault } from '../faults/faults.ts'
import {
  given,
  parseHeader,
  parseNumber,
  remoteCommand,
  remoteOf,
  type Terminal,
} from './command-line.ts'

interface MatchOptions {
  readonly method?: string
  readonly route?: string
  readonly path?: string
  readonly service?: string
  readonly client?: string
  readonly priority?: string
  readonly share?: number
  readonly count?: number
  readonly forMs?: number
}

function faultKind(name: string, description: string): Command {
  return remoteCommand(name)
    .description(description)
    .option('--method <method>', 'only this method')
    .option('--route <template>', 'only this route, as in /channels/:channel/messages')
    .option('--path <path>', 'only this path; a * at the end fits any rest')
    .option('--service <service>', 'only gateway, messages, voice, files or users')
    .option('--client <id>', 'only this x-client-id; a * at the end fits any rest')
    .option('--priority <priority>', 'only critical, important or deferred')
    .option('--share <ratio>', 'this part of the matching requests, 0 to 1', parseNumber)
    .option('--count <n>', 'only the next n', parseNumber)
    .option('--for-ms <ms>', 'only for this time', parseNumber)
}

const afterOption = () => new Option('--after', 'after the work: applied, but the reply suffers')

/** `fault …`: makes requests fail. */
export function faultCommand(terminal: Terminal): Command {
  const add = async (command: Command, fault: Fault) => {
    const { share, count, forMs, method, route, path, service, client, priority } =
      command.opts<MatchOptions>()
    const { admin, print } = remoteOf(command, terminal)
    const match = given({ method, route, path, service, client, priority })
    const rule = { fault, ...given({ share, count, forMs }), match } as FaultRule
    const added = await admin.post<FaultRule & { id: number }>('/faults', rule)
    print(added, `fault ${added.id} in force: ${describe(added)}`)
  }
  const headers = (command: Command) =>
    command
      .option('--header <name: value>', 'a header of the reply (repeatable)', parseHeader)
      .option('--body <text>', 'the body of the reply')

  return new Command('fault')
    .description('make requests fail')
    .addCommand(
      headers(faultKind('status', 'answer with a status'))
        .argument('<status>', 'the status', parseNumber)
        .action((status, { header, body }, command) =>
          add(command, { kind: 'status', status, ...given({ headers: header, body }) }),
        ),
    )
    .addCommand(
      headers(faultKind('rate-limit', 'answer 429, bare or in Discord’s form'))
        .option('--retry-after-ms <ms>', 'in Discord’s form, with this wait', parseNumber)
        .addOption(new Option('--scope <scope>').choices(['user', 'global', 'shared']))
        .action(({ header, body, retryAfterMs, scope }, command) =>
          add(command, {
            kind: 'rate-limit',
            ...given({ headers: header, body, retryAfterMs, scope }),
          }),
        ),
    )
    .addCommand(
      faultKind('cloudflare', 'answer 429 with Cloudflare’s page').action((_options, command) =>
        add(command, { kind: 'cloudflare' }),
      ),
    )
    .addCommand(
      faultKind('latency', 'wait before the work')
        .argument('<ms>', 'the time', parseNumber)
        .option('--jitter-ms <ms>', 'up to this much more', parseNumber)
        .addOption(afterOption())
        .action((delayMs, { jitterMs, after }, command) =>
          add(command, { kind: 'latency', delayMs, ...given({ jitterMs }), ...when(after) }),
        ),
    )
    .addCommand(
      faultKind('drop', 'reset the connection')
        .addOption(afterOption())
        .action(({ after }, command) => add(command, { kind: 'drop', ...when(after) })),
    )
    .addCommand(
      faultKind('hang', 'never answer')
        .addOption(afterOption())
        .action(({ after }, command) => add(command, { kind: 'hang', ...when(after) })),
    )
    .addCommand(
      faultKind('drip', 'send the body in small pieces')
        .argument('<bytes>', 'the size of a piece', parseNumber)
        .argument('<ms>', 'between two pieces', parseNumber)
        .action((chunkBytes, intervalMs, _options, command) =>
          add(command, { kind: 'drip', chunkBytes, intervalMs }),
        ),
    )
    .addCommand(
      faultKind('truncate', 'cut the body short of its content-length')
        .argument('<bytes>', 'what is sent', parseNumber)
        .action((keepBytes, _options, command) => add(command, { kind: 'truncate', keepBytes })),
    )
    .addCommand(
      remoteCommand('list')
        .description('the faults in force')
        .action(async (_options, command) => {
          const { admin, print } = remoteOf(command, terminal)
          const faults = await admin.get<ActiveFault[]>('/faults')
          print(
            faults,
            faults
              .map((fault) => `${fault.id}: ${describe(fault)}, ${fault.hits} hit`)
              .join('\n') || 'no faults',
          )
        }),
    )
    .addCommand(
      remoteCommand('remove')
        .description('take one fault back')
        .argument('<id>', 'its id', parseNumber)
        .action(async (id, _options, command) => {
          const { admin, print } = remoteOf(command, terminal)
          await admin.delete(`/faults/${id}`)
          print({ removed: id }, `fault ${id} removed`)
        }),
    )
    .addCommand(
      remoteCommand('clear')
        .description('take all faults back')
        .action(async (_options, command) => {
          const { admin, print } = remoteOf(command, terminal)
          await admin.delete('/faults')
          print({ cleared: true }, 'faults cleared')
        }),
    )
}

const when = (after: boolean | undefined) => (after ? ({ when: 'after' } as const) : {})

function describe({ fault, match = {}, share, count, forMs }: FaultRule): string {
  const { kind, ...rest } = fault
  const parts = { ...rest, ...match, ...given({ share, count, forMs }) }
  return [
    kind,
    ...Object.entries(parts).map(
      ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ].join(', ')
}
