/** How many colours the style has; the first is evenkeel's. */
const colours = 8

/** The place of each name's colour: evenkeel's own for the first of its fleets, the others in their order. */
export function coloursOf(names: readonly string[]): readonly number[] {
  const own = names.findIndex((name) => name.startsWith('evenkeel'))
  let next = 0
  return names.map((_, at) => (at === own ? 0 : 1 + (next++ % (colours - 1))))
}
