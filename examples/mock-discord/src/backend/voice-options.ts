import { boolean, integer, number, partial, positive, type Reader } from '../options/readers.ts'

/** One region's media servers, and the autoscaler that adds to them. */
export interface VoiceOptions {
  /** This region's part of the clients, beside the other regions' shares. */
  readonly share: number
  readonly instances: number
  /** Joins one instance handles at once. */
  readonly slotsPerInstance: number
  /** The mean time of a join in ms. */
  readonly joinMs: number
  /** Joins that may wait for a slot; one more is refused. */
  readonly queueDepth: number
  readonly autoscale: boolean
  /** The share of busy slots to aim at. */
  readonly targetCpuRatio: number
  /** A longer queue of joins adds an instance per this many waiting. */
  readonly queueThreshold: number
  readonly minInstances: number
  readonly maxInstances: number
  /** From the decision to the first join on a new instance, in ms. */
  readonly startUpMs: number
  /** Between two decisions, in ms. */
  readonly evaluateMs: number
  /** How long fewer must be enough before instances are taken away, in ms. */
  readonly scaleDownAfterMs: number
}

/** Reads any part of {@link VoiceOptions}. */
export const readVoiceOptions: Reader<Partial<VoiceOptions>> = partial<VoiceOptions>({
  share: positive,
  instances: integer(1),
  slotsPerInstance: integer(1),
  joinMs: positive,
  queueDepth: integer(0),
  autoscale: boolean,
  targetCpuRatio: number(0.01, 1),
  queueThreshold: integer(1),
  minInstances: integer(1),
  maxInstances: integer(1),
  startUpMs: number(0),
  evaluateMs: positive,
  scaleDownAfterMs: number(0),
})
