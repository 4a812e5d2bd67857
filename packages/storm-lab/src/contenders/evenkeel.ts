import { type Contender, contender } from './contender.ts'

/** `createFetch()` as it comes. */
export const evenkeel: Contender = contender(
  'evenkeel',
  'createFetch() of @evenkeel/fetch with its defaults.',
  {},
  'cores',
)

/** `createFetch()` with a server that publishes how much it can take. */
export const evenkeelHinted: Contender = contender(
  'evenkeel-hint',
  'createFetch() with its defaults, and heeding the level that its server publishes.',
  { fleetHint: true },
  'cores',
)
