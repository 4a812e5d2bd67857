/** What a contender is given in its process. */
export interface Setting {
  /** Where the server of the suite answers; empty when it has none. */
  readonly url: string
  /** Unlike that of any other process of the run. */
  readonly processId: number
  /** Unlike that of any other contender of the process: whoever shares a function with another shares what the compiler knows of it. */
  readonly copy: number
}

/** Does the contender's call once. */
export type Call = () => Promise<unknown>

/** One way to make the call of a suite. */
export interface Contender {
  readonly name: string
  /** How many times as much as the first contender it may take. */
  readonly target?: number | undefined
  /** Loads what it needs, so that its process holds nothing of another's. */
  prepare(setting: Setting): Promise<Call>
}

/** Contenders beside each other: the first is what the others are compared to. */
export interface Race {
  readonly contenders: readonly Contender[]
  /** How many calls are under way at once; 1 is one after the other. */
  readonly inFlight: number
  /** Whether the first contender also runs in the process of each other, in turns with it, and is compared to that. */
  readonly isPaired?: boolean
}
