/** Dice to roll, and what is added to them. */
export interface Dice {
  readonly count: number
  readonly sides: number
  readonly plus: number
}

/** Reads `2d6`, `d20`, `3d8-1`, or nothing for one die of six sides. */
export function parseDice(text: string): Dice | undefined {
  const [, count = '1', sides, sign = '+', plus = '0'] =
    /^(\d{1,3})?d(\d{1,4})(?:([+-])(\d{1,4}))?$/i.exec(text || 'd6') ?? []
  const dice = { count: Number(count), sides: Number(sides), plus: Number(`${sign}${plus}`) }
  const isFair = dice.count >= 1 && dice.count <= 100 && dice.sides >= 2 && dice.sides <= 1000
  return isFair ? dice : undefined
}
