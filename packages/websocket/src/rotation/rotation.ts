/** Replaces connections while they live: what `rotate()` gives, for the option `rotation`. */
export interface RotationKind {
  /** Starts a socket that does. */
  readonly start: (...socket: never[]) => unknown
}
