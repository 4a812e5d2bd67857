import { type Command, UsageError } from './command.ts'

export const echo: Command = {
  name: 'echo',
  usage: 'text',
  summary: 'the text again',
  run(args) {
    if (args === '') throw new UsageError('There is nothing to say.')
    return args
  },
}
