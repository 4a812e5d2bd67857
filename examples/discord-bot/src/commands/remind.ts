import { sayWait } from '../say-wait.ts'
import { type Command, UsageError } from './command.ts'
import { parseDelay } from './parse-delay.ts'

export const remind: Command = {
  name: 'remind',
  usage: '10s text',
  summary: 'says it again after that time, from a second to a day (`1h30m`), if the bot still runs',
  run(args, bot) {
    const parsed = parseDelay(args)
    if (!parsed?.rest) throw new UsageError('When, and of what?')
    const { delayMs, rest } = parsed
    if (!bot.remind(delayMs, `Reminder: ${rest}`)) return 'Too many wait already. Try later.'
    return `In ${sayWait(delayMs)}.`
  },
}
