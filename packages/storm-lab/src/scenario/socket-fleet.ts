/** The connections that clients hold open, and the gateway that holds them, at its full size. */
export interface SocketFleet {
  /** How many handshakes it can do, in all regions together. */
  readonly acceptsPerSecond: number
  /** How many dials may wait for theirs; more are refused. @defaultValue `Infinity` */
  readonly acceptQueue?: number | undefined
  /** Whether clients see that it was a 503, as `ws` does and browsers do not. @defaultValue `false` */
  readonly showsStatus?: boolean | undefined
  /** How long a dial waits. @defaultValue 10_000 */
  readonly dialTimeoutMs?: number | undefined
  /** When which of them are cut. */
  readonly drops: readonly SocketDrop[]
}

/** Connections that end. */
export interface SocketDrop {
  readonly atMs: number
  /** The part of them; which, is chance. @defaultValue 1 */
  readonly ratio?: number | undefined
  /** Over which time. @defaultValue 1000 */
  readonly overMs?: number | undefined
  /** With which close code; 1006 is a line that breaks. @defaultValue 1001, as servers that go away send */
  readonly code?: number | undefined
  /** Whether the close says how wide to spread: 1.1 × the dropped ÷ accepts. @defaultValue `false` */
  readonly hint?: boolean | undefined
}
