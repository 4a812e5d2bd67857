import type { FleetRun } from './fleets.ts'
import { duration, percent, times } from './format.ts'

/** How good a figure is, to be shown by colour. */
export type Verdict = 'good' | 'fair' | 'bad'

/** A figure that contenders are compared by. */
export interface Row {
  readonly label: string
  /** What it means, for whoever asks. */
  readonly about: string
  /** Whether it belongs in a table that must be short. */
  readonly isBrief?: boolean
  /** Whether a scenario may know nothing of it. */
  readonly isOptional?: boolean
  readonly value: (run: FleetRun) => number | null
  readonly format: (value: number | null) => string
  readonly judge?: (value: number | null) => Verdict
}

const judgeSuccess = (ratio: number | null): Verdict =>
  ratio === null || ratio >= 0.99 ? 'good' : ratio >= 0.8 ? 'fair' : 'bad'
const judgeAttempts = (value: number | null): Verdict =>
  value === null || value <= 1.1 ? 'good' : value <= 1.5 ? 'fair' : 'bad'
const judgeWaste = (ratio: number | null): Verdict =>
  ratio === null || ratio <= 0.02 ? 'good' : ratio <= 0.2 ? 'fair' : 'bad'
const judgeRecovery = (ms: number | null): Verdict =>
  ms === null || ms === Infinity ? 'bad' : ms <= 60_000 ? 'good' : 'fair'

const attempts = { format: times, judge: judgeAttempts }
const success = { format: percent, judge: judgeSuccess }

/** `undefined` is what there was not, `null` what never came, which is `Infinity` here. */
const orNever = (ms: number | null | undefined): number | null =>
  ms === undefined ? null : (ms ?? Infinity)
const untilThen = (ms: number | null): string => (ms === Infinity ? 'never' : duration(ms))

/** What is told of each contender, in the terminal and on the page. */
export const rows: readonly Row[] = [
  {
    label: 'recovered after',
    about: 'from the end of the trigger until 99 % of the calls succeed for a minute',
    isBrief: true,
    value: ({ contender }) => orNever(contender.metrics.recoveryMs),
    format: (ms) => (ms === 0 ? 'at once' : untilThen(ms)),
    judge: judgeRecovery,
  },
  {
    label: 'time below 99 %',
    about: 'how long, from the start of the trigger on, more than one call in a hundred failed',
    isBrief: true,
    value: ({ trouble }) => trouble.belowMs,
    format: (ms) => (ms === 0 ? 'none' : duration(ms)),
  },
  {
    label: 'calls that succeed, trigger',
    about: 'of all calls from the start of the trigger to its end',
    isBrief: true,
    value: ({ trouble }) => trouble.successRatio,
    format: percent,
  },
  {
    label: '  in the spike',
    about: 'of the calls when it is worst',
    isBrief: true,
    value: ({ contender }) => contender.metrics.successRatio.spike,
    format: percent,
  },
  {
    label: '  critical ones, spike',
    about: 'of the calls of the highest priority when it is worst',
    value: ({ contender }) => contender.metrics.successByPriority.critical,
    format: percent,
  },
  {
    label: '  after it',
    about: 'of the calls from the end of the trigger on',
    isBrief: true,
    value: ({ contender }) => contender.metrics.successRatio.after,
    ...success,
  },
  {
    label: '  in the last ten minutes',
    about: 'at the end of the scenario, without its trigger',
    isBrief: true,
    value: ({ contender }) => contender.metrics.successRatio.end,
    ...success,
  },
  {
    label: 'attempts per call, trigger',
    about: 'requests sent for each call of a user, from the start of the trigger to its end',
    isBrief: true,
    value: ({ trouble }) => trouble.attemptsPerCall,
    ...attempts,
  },
  {
    label: '  in the spike',
    about: 'when it is worst',
    isBrief: true,
    value: ({ contender }) => contender.metrics.attemptsPerCall.spike,
    ...attempts,
  },
  {
    label: '  in the worst minute',
    about: 'the most of any minute from the trigger on',
    isBrief: true,
    value: ({ contender }) => contender.metrics.attemptsPerCall.peakMinute,
    format: times,
  },
  {
    label: '  after it',
    about: 'from the end of the trigger on',
    isBrief: true,
    value: ({ contender }) => contender.metrics.attemptsPerCall.after,
    ...attempts,
  },
  {
    label: 'of capacity used, spike',
    about: 'answers that were waited for, against what the backend can serve at best',
    isBrief: true,
    value: ({ contender }) => contender.metrics.goodputRatio,
    format: percent,
  },
  {
    label: 'work for nobody, spike',
    about: "the part of the backend's work whose client had gone",
    isBrief: true,
    value: ({ contender }) => contender.metrics.wastedRatio,
    format: percent,
    judge: judgeWaste,
  },
  {
    label: 'sockets back after',
    about: 'from the end of a drop until 99 % of the clients are connected, the longest of them',
    isBrief: true,
    isOptional: true,
    value: ({ contender }) => orNever(contender.metrics.sockets?.backMs),
    format: untilThen,
  },
  {
    label: '  dials each',
    about: 'connections begun for each that was cut',
    isBrief: true,
    isOptional: true,
    value: ({ contender }) => contender.metrics.sockets?.dialsPerDrop ?? null,
    format: times,
  },
  {
    label: '  peak dials, of accepts',
    about: 'in the worst second, against the handshakes that the gateway can do in one',
    isBrief: true,
    isOptional: true,
    value: ({ contender: { metrics } }) =>
      metrics.sockets
        ? metrics.sockets.peakDialsPerSecond / metrics.sockets.acceptsPerSecond
        : null,
    format: (ratio) => `${times(ratio)}×`,
  },
  {
    label: 'latency p99, spike',
    about: 'within which 99 of 100 successful calls were answered',
    value: ({ contender }) => contender.metrics.latencyMs.spike.p99,
    format: duration,
  },
  {
    label: '  after it',
    about: 'the same, from the end of the trigger on',
    value: ({ contender }) => contender.metrics.latencyMs.after.p99,
    format: duration,
  },
  {
    label: 'fairness, spike',
    about: "Jain's index over the clients: 1 when all fare the same",
    value: ({ contender }) => contender.metrics.fairness,
    format: times,
  },
  {
    label: 'lone failures mended',
    about: 'calls whose first attempt failed before the trigger, and that succeeded in the end',
    value: ({ contender }) => contender.metrics.glitches.mendedRatio,
    ...success,
  },
]
