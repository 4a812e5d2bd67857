import { Command, CommanderError } from 'commander'
import type { MetricsSnapshot } from '../metrics/metrics.ts'
import { CommandError } from './admin-client.ts'
import { alertsCommand } from './alerts-command.ts'
import { capacityCommand } from './capacity-command.ts'
import { remoteCommand, remoteOf, type Terminal } from './command-line.ts'
import { faultCommand } from './fault-command.ts'
import { hintCommand } from './hint-command.ts'
import { limitCommand } from './limit-command.ts'
import { poolCommand } from './pool-command.ts'
import { scenarioCommand } from './scenario-command.ts'
import { socketCommand } from './socket-command.ts'
import { startCommand } from './start-command.ts'
import { statusCommand } from './status/status-command.ts'

/**
 * Runs one command line and gives its exit code: 0 done, 1 the mock refused, 2 the command line is wrong, 3 no mock
 * answers.
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('mock-discord')
    .description(
      "a mock of Discord's REST API and Gateway, with the machinery of an incident behind it",
    )
    .addCommand(startCommand(terminal))
    .addCommand(statusCommand(terminal))
    .addCommand(alertsCommand(terminal))
    .addCommand(metricsCommand(terminal))
    .addCommand(faultCommand(terminal))
    .addCommand(poolCommand(terminal))
    .addCommand(limitCommand(terminal))
    .addCommand(hintCommand(terminal))
    .addCommand(socketCommand(terminal))
    .addCommand(scenarioCommand(terminal))
    .addCommand(resetCommand(terminal))
    .addCommand(capacityCommand(terminal))
  prepare(program, terminal)
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof CommandError)) throw error
    terminal.err(`error: ${error.message}`)
    return error.exitCode
  }
}

function metricsCommand(terminal: Terminal): Command {
  return remoteCommand('metrics')
    .description('everything that is counted, as JSON')
    .option('--prometheus', "in Prometheus' text format")
    .action(async ({ prometheus }, command) => {
      const { admin } = remoteOf(command, terminal)
      if (prometheus) terminal.out((await admin.text('GET', '/metrics.prom')).trimEnd())
      else terminal.out(JSON.stringify(await admin.get<MetricsSnapshot>('/metrics'), undefined, 2))
    })
}

function resetCommand(terminal: Terminal): Command {
  return remoteCommand('reset')
    .description('go back to the start: no faults, no scenario, nothing counted')
    .action(async (_options, command) => {
      const { admin, print } = remoteOf(command, terminal)
      await admin.post('/reset')
      print({ reset: true }, 'reset')
    })
}

/** Lets every command write to the terminal, and throw where commander would end the process. */
function prepare(command: Command, terminal: Terminal): void {
  // Else an option that command and subcommand both have would go to the first, wherever it is written.
  command
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
  for (const child of command.commands) prepare(child, terminal)
}
