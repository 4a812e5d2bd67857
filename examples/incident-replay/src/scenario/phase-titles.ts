import type { PhaseName } from './phase.ts'

/** What a phase means, in a few words. */
export const phaseTitles: Readonly<Record<PhaseName, string>> = {
  calm: 'a normal day',
  ramp: 'load rises to 10×',
  peak: 'spike: 10× the load',
  fall: 'the spike ends',
  recovery: 'back to normal load',
  tail: 'last calls come in',
}
