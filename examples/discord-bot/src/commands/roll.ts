import { type Command, UsageError } from './command.ts'
import { parseDice } from './parse-dice.ts'

export const roll: Command = {
  name: 'roll',
  usage: '[2d6+1]',
  summary: 'throws dice',
  run(args, { random }) {
    const dice = parseDice(args.replace(/\s/g, ''))
    if (!dice) throw new UsageError('From 1 to 100 dice of 2 to 1000 sides, please.')
    const { count, sides, plus } = dice
    const rolls = Array.from({ length: count }, () => 1 + Math.floor(random() * sides))
    const sum = rolls.reduce((total, each) => total + each, plus)
    const added = plus === 0 ? '' : ` ${plus < 0 ? '−' : '+'} ${Math.abs(plus)}`
    return count === 1 && plus === 0 ? `${sum}` : `${rolls.join(' + ')}${added} = **${sum}**`
  },
}
