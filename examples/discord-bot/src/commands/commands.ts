import { type Command, type CommandBot, UsageError } from './command.ts'
import { echo } from './echo.ts'
import { helpOf } from './help.ts'
import { parseCommand } from './parse-command.ts'
import { ping } from './ping.ts'
import { remind } from './remind.ts'
import { roll } from './roll.ts'
import { status } from './status.ts'

const doing: readonly Command[] = [ping, echo, roll, remind, status]
const commands = new Map([...doing, helpOf(doing)].map((each) => [each.name, each]))

/** A command that somebody asked for. */
export interface Ask {
  readonly name: string
  /** Makes the answer. */
  answer(bot: CommandBot): Promise<string>
}

/** Finds the command that a message asks for; what another bot may know is not answered. */
export function askOf(content: string): Ask | undefined {
  const line = parseCommand(content)
  const command = line && commands.get(line.name)
  if (!command) return undefined
  return {
    name: command.name,
    async answer(bot) {
      try {
        return await command.run(line.args, bot)
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        return `${error.message} \`!${command.name} ${command.usage}\``
      }
    },
  }
}
