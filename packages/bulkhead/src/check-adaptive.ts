import { checkNumber } from '@evenkeel/core'

/** Checks the bounds of an adaptive limit. */
export function checkAdaptive(owner: string, initial: number, min: number, max: number): void {
  checkNumber(owner, 'min', min, 1)
  checkNumber(owner, 'max', max, min, Infinity, `≥ min (${min})`)
  checkNumber(owner, 'initial', initial, min, max, `from min (${min}) to max (${max})`)
}
