import { shownPath } from '../modules/import-default.ts'

/** What a command runs; scenario and fleets by name, or as `file:` URLs of their modules. */
export interface CommandFacts {
  readonly scenario: string
  readonly clients?: number | undefined
  readonly callsPerClient?: number | undefined
  readonly fleets: readonly string[]
  readonly seed: number
  readonly seeds?: number | undefined
  readonly report: string
}

/** The command line that runs it again, to be pasted into a shell. */
export function commandOf({
  scenario,
  clients,
  callsPerClient,
  fleets,
  seed,
  seeds,
  report,
}: CommandFacts): string {
  const isModule = (ref: string): boolean => ref.startsWith('file:')
  const named = fleets.filter((ref) => !isModule(ref))
  const flags: readonly (readonly [string, string | number | undefined])[] = [
    ['--clients', clients],
    ['--calls-per-client', callsPerClient],
    ['--contender', named.length > 0 ? named.join() : undefined],
    ...fleets.filter(isModule).map((ref) => ['--policy', pathOf(ref)] as const),
    ['--seed', seed],
    ['--seeds', seeds === 1 ? undefined : seeds],
    ['--report', report],
  ]
  return [
    'npx @evenkeel/storm-lab run',
    isModule(scenario) ? pathOf(scenario) : scenario,
    ...flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
  ].join(' ')
}

/** A path for a shell, from where the command is typed. */
function pathOf(ref: string): string {
  if (ref.startsWith('file:<')) return `'${ref.slice('file:'.length)}'`
  const path = shownPath(ref)
  const quoted = /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
  return /^[/'.]/.test(quoted) ? quoted : `./${quoted}`
}
