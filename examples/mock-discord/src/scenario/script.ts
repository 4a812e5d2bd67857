import { type Action, readAction } from '../admin/action.ts'
import { listOf, number, positive, type Reader, text, whole } from '../options/readers.ts'

/** One thing that happens at its time. */
export interface Step {
  /** From the start of the scenario, in ms. */
  readonly atMs: number
  readonly do: Action
  /** What it stands for, for whoever reads the log. */
  readonly note?: string | undefined
}

/** What happens to the mock, and when. */
export interface Script {
  readonly name?: string | undefined
  /** Divides every `atMs`, so that a script can be written in the incident's own time. @defaultValue 1 */
  readonly time?: number | undefined
  readonly steps: readonly Step[]
}

const readWhole: Reader<Script> = whole<Script>(
  {
    name: text,
    time: positive,
    steps: listOf(whole<Step>({ atMs: number(0), do: readAction, note: text }, ['atMs', 'do'])),
  },
  ['steps'],
)

/** Reads a script; a bare list is its steps. */
export const readScript: Reader<Script> = (value, name) =>
  readWhole(Array.isArray(value) ? { steps: value } : value, name)
