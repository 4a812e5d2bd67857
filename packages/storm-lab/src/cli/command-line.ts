import { Command, InvalidArgumentError } from 'commander'
import { maxClients } from '../scenario/check-scenario.ts'

/** What `run` was asked for. */
export interface RunRequest {
  /** A name, or a path. */
  readonly scenario: string
  readonly clients?: number
  readonly callsPerClient?: number
  /** Names. */
  readonly contender?: readonly string[]
  /** Paths. */
  readonly policy?: readonly string[]
  readonly seed: number
  readonly seeds: number
  readonly workers?: number
  /** Such as `attemptsPerCall<1.1`. */
  readonly expect?: readonly string[]
  /** Where the page goes. */
  readonly report?: string
  readonly json?: boolean
}

/** What a command line asks for. */
export type Request =
  | { readonly command: 'list' }
  | { readonly command: 'run'; readonly run: RunRequest }

function number(isFit: (value: number) => boolean, example: string): (text: string) => number {
  return (text) => {
    const value = Number(text.replaceAll('_', ''))
    if (text.trim() === '' || !isFit(value))
      throw new InvalidArgumentError(`It must be ${example}.`)
    return value
  }
}

const wholeFrom = (least: number) => (value: number) =>
  Number.isSafeInteger(value) && value >= least
const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
const collect = (text: string, before: readonly string[] = []): string[] => [...before, text]

const examples = `
Examples:
  storm-lab run incident-2022 --clients 100000 --policy ./my-policy.ts --report out.html
  storm-lab run ./our-launch.ts --contender fixed-1s,evenkeel --seeds 8
  storm-lab list

A policy is a module whose default export is what contender(), mixed() or shell() of @evenkeel/storm-lab make, or the
rules themselves: { attemptTimeoutMs, retry, circuitBreaker, … }, evenkeel's own where left out. A scenario is a name
of the list, or a module whose default export it is. TypeScript needs Node.js 22.18 or newer.

--expect is about the fleets of --policy, or else of --contender. What it compares are the figures of a report, of the
spike unless a phase comes before: 'second wave:successRatio.critical>0.9', 'recoveryMs<60000'.

Exits with 0 when it ran, whatever became of the fleets; 1 when something was expected that did not hold; 2 when it was
asked for what can't be run; 3 when it broke; 130 when it was interrupted.`

/**
 * Reads a command line.
 *
 * @throws `CommanderError`, once it has been told to the user, when it is not understood or asks for help
 */
export function readCommandLine(
  argv: readonly string[],
  write: { readonly out: (text: string) => void; readonly error: (text: string) => void },
): Request {
  let request: Request | undefined
  const program = new Command('storm-lab')
    .description(
      'Tells what a fleet of clients does to an API in its bad hour: simulated with the real policies.',
    )
    .configureOutput({ writeOut: write.out, writeErr: write.error })
    .exitOverride()
    .addHelpText('after', examples)
  program
    .command('run')
    .description('Sends fleets through a scenario, and says what became of them.')
    .argument('[scenario]', 'a name of the list, or the path of a module')
    .option('--scenario-file <path>', 'the module of a scenario, in place of a name')
    .option(
      '--clients <number>',
      'how many clients',
      number(
        (value) => wholeFrom(1)(value) && value <= maxClients,
        `a whole number from 1 to ${maxClients}, as in --clients 100000`,
      ),
    )
    .option(
      '--calls-per-client <rate>',
      'calls a second of a client in the busiest minute',
      number((value) => value > 0, 'a number > 0, as in --calls-per-client 0.02'),
    )
    .option('--policy <path>', 'the module of a fleet of your own; may be given again', collect)
    .option(
      '--contender <names>',
      'who else goes through it, by comma (default: fixed-1s, prescription, evenkeel)',
      listOf,
    )
    .option(
      '--seed <number>',
      'another seed, another day',
      number(wholeFrom(0), 'a whole number ≥ 0, as in --seed 7'),
      1,
    )
    .option(
      '--seeds <number>',
      'how many days, from that seed on',
      number(wholeFrom(1), 'a whole number ≥ 1, as in --seeds 8'),
      1,
    )
    .option(
      '--workers <number>',
      'how many threads (default: one for each core)',
      number(wholeFrom(1), 'a whole number ≥ 1, as in --workers 2'),
    )
    .option(
      '--expect <what>',
      "'survived', or such as 'attemptsPerCall<1.1', 'after:successRatio>=0.99'; may be given again",
      collect,
    )
    .option('--report <file>', 'writes a page with charts, which needs nothing else')
    .option('--json', 'prints the report as JSON, of several seeds a list, and nothing else')
    .allowExcessArguments(false)
    .action(
      (name: string | undefined, options: RunRequest & { scenarioFile?: string }, command) => {
        const { scenarioFile, ...run } = options
        if ((name === undefined) === (scenarioFile === undefined))
          command.error(
            'error: it needs a scenario: a name of `storm-lab list`, or --scenario-file, not both',
          )
        const scenario = scenarioFile === undefined ? (name as string) : asPath(scenarioFile)
        request = { command: 'run', run: { ...run, scenario } }
      },
    )
  program
    .command('list')
    .description('Lists the scenarios and the contenders that come with it.')
    .allowExcessArguments(false)
    .action(() => {
      request = { command: 'list' }
    })
  program.parse(argv, { from: 'user' })
  return request as Request
}

/** Whether it is the path of a module, and no name. */
export function isPath(text: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$/.test(text)
}

function asPath(text: string): string {
  return isPath(text) ? text : `./${text}`
}
