import type { MachineLoad } from '../statistics/machine-load.ts'

/** Says that a run can't be trusted, and why. */
export function tooBusy({ p99LagMs }: MachineLoad): string {
  return `This machine was too busy to trust the figures: event loops came ${Math.round(p99LagMs)} ms late. Try again when it is calmer.`
}
