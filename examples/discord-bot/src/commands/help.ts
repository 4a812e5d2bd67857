import type { Command } from './command.ts'

/** The command that lists the others. */
export function helpOf(commands: readonly Command[]): Command {
  const help: Command = {
    name: 'help',
    usage: '',
    summary: 'this',
    run: () =>
      [...commands, help]
        .map(({ name, usage, summary }) => `\`${`!${name} ${usage}`.trim()}\`: ${summary}`)
        .join('\n'),
  }
  return help
}
