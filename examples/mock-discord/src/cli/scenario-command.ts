import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { MockStatus } from '../admin/mock-status.ts'
import type { ScenarioStatus } from '../scenario/scenario.ts'
import { readScript, type Script } from '../scenario/script.ts'
import { type AdminClient, CommandError } from './admin-client.ts'
import { remoteCommand, remoteOf, type Terminal } from './command-line.ts'

/** `scenario FILE`: has the mock run a script. */
export function scenarioCommand(terminal: Terminal): Command {
  return remoteCommand('scenario')
    .description('run a script of steps, each at its time')
    .argument('[file]', 'a JSON file; without it, tells how the scenario stands')
    .option('--stop', 'leave the rest of the scenario undone')
    .option('--wait', 'until its last step is done')
    .action(async (file: string | undefined, { stop, wait }, command) => {
      const { admin, print } = remoteOf(command, terminal)
      if (stop) {
        await admin.delete('/scenario')
        print({ stopped: true }, 'scenario stopped')
        return
      }
      const started = file
        ? await admin.post<ScenarioStatus>('/scenario', await scriptFrom(file))
        : await admin.get<ScenarioStatus>('/scenario')
      const status = wait ? await finished(admin, started, terminal.stopped) : started
      print(status, describe(status))
      if (wait && status.done.some(({ error }) => error)) {
        throw new CommandError('a step could not be done', 1)
      }
    })
}

async function scriptFrom(file: string): Promise<Script> {
  try {
    return readScript(JSON.parse(await readFile(file, 'utf8')), 'scenario')
  } catch (error) {
    throw new CommandError(`${file}: ${(error as Error).message}`, 2)
  }
}

/** How long a mock that a step has restarted may stay away, in ms. */
const mostAwayMs = 30_000

async function finished(
  admin: AdminClient,
  { id }: ScenarioStatus,
  stopped: AbortSignal,
): Promise<ScenarioStatus> {
  let seenMs = performance.now()
  for (;;) {
    try {
      const { scenario } = await admin.get<MockStatus>('/status')
      if (scenario?.id !== id) {
        const why = scenario ? 'another one has taken its place' : 'the mock was reset'
        throw new CommandError(`the scenario was not finished: ${why}`, 1)
      }
      if (scenario.state !== 'running' || stopped.aborted) return scenario
      seenMs = performance.now()
    } catch (error) {
      const isAway = error instanceof CommandError && error.exitCode === 3 && !stopped.aborted
      if (!isAway || performance.now() - seenMs > mostAwayMs) throw error
    }
    await sleep(100, undefined, { signal: stopped }).catch(() => undefined)
  }
}

function describe({ name, state, steps, done, elapsedMs }: ScenarioStatus): string {
  const lines = [
    `scenario ${name ?? 'unnamed'} ${state}: ${done.length} of ${steps} steps after ${Math.round(elapsedMs)} ms`,
  ]
  for (const { atMs, note, error } of done) {
    lines.push(`  ${Math.round(atMs)} ms ${note ?? 'done'}${error ? `: ${error}` : ''}`)
  }
  return lines.join('\n')
}
