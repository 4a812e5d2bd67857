import { Command, InvalidArgumentError, Option } from 'commander'
import type { Suite } from './suites/suite.ts'
import { suites } from './suites/suites.ts'

/** What one run shall do. */
export interface BenchCommand {
  readonly suites: readonly Suite[]
  readonly rounds: number | undefined
  readonly json: boolean
}

/** Reads the command line; ends the process when it is wrong, or asks for help. */
export function readCommand(argv: readonly string[]): BenchCommand {
  const { only, rounds, json } = new Command('bench')
    .description(
      'Measures evenkeel beside its peers; × is how many times as much as the first row.',
    )
    .addOption(
      new Option('--only <suite...>', 'run only these suites').choices(
        suites.map(({ name }) => name),
      ),
    )
    .option('--rounds <n>', 'how often each contender has its turn', parseRounds)
    .option('--json', 'print JSON', false)
    .parse(argv)
    .opts<{ only?: string[]; rounds?: number; json: boolean }>()
  return { suites: suites.filter(({ name }) => only?.includes(name) ?? true), rounds, json }
}

function parseRounds(text: string): number {
  const rounds = Number(text)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new InvalidArgumentError('Must be a whole number ≥ 1.')
  return rounds
}
