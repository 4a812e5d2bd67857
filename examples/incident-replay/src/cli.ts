import { Command, InvalidArgumentError, Option } from 'commander'
import type { World } from './worlds/world.ts'
import { worlds as allWorlds } from './worlds/worlds.ts'

export interface CliOptions {
  readonly seed: number
  readonly quick: boolean
  readonly worlds: readonly World[]
  /** Where the page goes. */
  readonly report: string
  readonly json: boolean
  /** Keeps the live page up after the run. */
  readonly stay: boolean
}

function readSeed(text: string): number {
  const seed = Number(text)
  if (!Number.isSafeInteger(seed) || seed < 0 || text.trim() === '')
    throw new InvalidArgumentError('It must be a whole number ≥ 0, as in --seed 7.')
  return seed
}

function readWorlds(text: string): readonly World[] {
  const known = allWorlds.map(({ name }) => name)
  const wanted = text.split(',').map((name) => name.trim())
  const unknown = wanted.find((name) => !known.some((other) => other === name))
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no world "${unknown}"; there are ${known.join(', ')}.`)
  return allWorlds.filter(({ name }) => wanted.includes(name))
}

/**
 * Reads the command line.
 *
 * @throws CommanderError, once it has been told to the user, when it is not understood or asks for help.
 */
export function readCli(argv: readonly string[]): CliOptions {
  const command = new Command('incident-replay')
    .description(
      'Takes the same users through the same overload with ordinary retries and with evenkeel.',
    )
    .addOption(
      new Option('--seed <number>', 'draws other users and calls').argParser(readSeed).default(1),
    )
    .addOption(
      new Option('--worlds <names>', 'only these, by comma')
        .argParser(readWorlds)
        .default(allWorlds, allWorlds.map(({ name }) => name).join(',')),
    )
    .option('--quick', 'a look of a few seconds, too short to prove anything', false)
    .option('--report <file>', 'where the page goes', 'reports/incident-replay.html')
    .option('--json', 'print the report as JSON, and nothing else', false)
    .option('--stay', 'keep the live page up until Ctrl-C', false)
    .addHelpText(
      'after',
      '\nExits with 0 whatever becomes of ordinary clients, and with 1 when evenkeel breaks its promise on a\nmachine that was calm enough to tell.',
    )
    .allowExcessArguments(false)
    .exitOverride()
  command.parse(argv, { from: 'user' })
  return command.opts<CliOptions>()
}
