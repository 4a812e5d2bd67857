import type { Agreement, Pair } from '../simulation/agreement.ts'
import type { Figures } from '../simulation/figures.ts'
import type { WorldName } from '../worlds/world.ts'
import { duration, percent } from './format.ts'

type Format = (value: number) => string

/** What each compared figure is called, and how it is written. */
export const comparedFigures: Readonly<Record<keyof Figures, readonly [string, Format]>> = {
  attemptsInSpike: ['attempts per call, spike', (value) => value.toFixed(2)],
  attemptsAfter: ['  after it', (value) => value.toFixed(2)],
  successInSpike: ['calls that succeeded, spike', percent],
  successAfter: ['  after it', percent],
  recoveredAfterMs: ['> 99 % succeed after', duration],
  socketsBackAfterMs: ['99 % of sockets back after', duration],
  dialsPerUser: ['  dials per user', (value) => value.toFixed(1)],
  peakDialsPerSecond: ['  in the worst second', (value) => value.toFixed(0)],
}

/** Writes a figure; `null` is what never came. */
export function written(figure: keyof Figures, value: number | null): string {
  return value === null ? 'never' : comparedFigures[figure][1](value)
}

/** Writes the range of the simulated seeds. */
export function writtenRange(figure: keyof Figures, { range: [least, most] }: Pair): string {
  const ends = [written(figure, least), written(figure, most)]
  return ends[0] === ends[1] ? (ends[0] as string) : ends.join(' to ')
}

/** Says how far a replay and its simulation agree, and where they do not. */
export function agreementSentence(
  { figures, seeds }: Agreement,
  titleOf: (world: WorldName) => string,
): string {
  const pairs = figures.flatMap(({ figure, pairs }) => pairs.map((pair) => ({ figure, ...pair })))
  const apart = pairs.filter(({ agrees }) => !agrees)
  const whole = `of ${pairs.length} figures ${pairs.length - apart.length} lie within what ${seeds} simulated runs came to, give or take a tenth`
  const why = apart.some(isFewerDials) ? ` ${dialsTakeTime}` : ''
  if (apart.length === 0) return `Simulation and reality agree: ${whole}.`
  const named = apart.map(
    (pair) =>
      `${titleOf(pair.world)}, ${fullLabel(pair.figure)}: ${writtenRange(pair.figure, pair)} simulated, ${written(pair.figure, pair.real)} real`,
  )
  return `Simulation and reality differ: ${whole}; not so ${named.join('; ')}.${why}`
}

/** Why the lab's sockets dial more than real ones. */
const dialsTakeTime =
  'Of dials reality is right: in the lab they take no time, so that a herd dials more often, and more at once, than it really can.'

const isFewerDials = ({ figure, real, simulated }: Pair & { figure: keyof Figures }): boolean =>
  (figure === 'dialsPerUser' || figure === 'peakDialsPerSecond') && (real ?? 0) < (simulated ?? 0)

/** A part's label with the whole it belongs to. */
function fullLabel(figure: keyof Figures): string {
  const [label] = comparedFigures[figure]
  if (!label.startsWith(' ')) return label
  const names = Object.keys(comparedFigures) as (keyof Figures)[]
  const whole = names
    .slice(0, names.indexOf(figure))
    .map((name) => comparedFigures[name][0])
    .findLast((other) => !other.startsWith(' '))
  return `${whole?.split(',')[0]}, ${label.trim()}`
}
