/** How an API is, as one client sees it. */
export type HealthLevel = 'calm' | 'strained' | 'storm'

/** What speaks against an API. */
export type HealthReasonKind =
  | 'failures'
  | 'limits'
  | 'retries'
  | 'circuit'
  | 'cooldown'
  | 'latency'
  | 'correlation'
  | 'hint'

/** One reason for a level, for code and for people. */
export interface HealthReason {
  readonly kind: HealthReasonKind
  /** What it speaks for by itself. */
  readonly level: 'strained' | 'storm'
  /** The failure domain it is about; nothing when it is about several. */
  readonly key: string | undefined
  /** A sentence with figures. */
  readonly text: string
}
