import type { MockStatus } from '../../admin/mock-status.ts'
import type { HourCounts } from '../../metrics/last-hour.ts'
import { count, ms, percent } from '../units.ts'
import { type Paint, sparkline, table, toneOf } from './look.ts'

const perFirst = ({ retries, requests }: HourCounts) => retries / Math.max(1, requests - retries)
const violating = ({ violations, retries }: HourCounts) => violations / Math.max(1, retries)

/** What clients do: how much they retry, which of them, and whether they wait as they are told. */
export function retriesSection({ hour, retries }: MockStatus, paint: Paint): string[] {
  const { all, kinds, minutes, spanMs } = hour
  const ratio = perFirst(all)
  const perHour = spanMs > 0 ? (all.retries * 3_600_000) / spanMs : 0
  const rows = Object.entries(kinds)
    .sort(([, a], [, b]) => b.retries - a.retries)
    .map(([kind, counts]) => [
      kind,
      count(counts.requests),
      count(counts.retries),
      perFirst(counts).toFixed(2),
      counts.retries === 0 ? '–' : percent(violating(counts)),
      String(retries.kinds.find(({ client }) => client === kind)?.highestAttempt ?? 1),
    ])
  const head = ['', 'requests', 'retries', 'per first', 'too early or often', 'highest attempt']
  const rate = `${ratio.toFixed(2)} per first attempt`
  return [
    `Retries       ${count(all.retries)} (≈ ${count(perHour)} an hour), ${paint(rate, toneOf(ratio, 0.2, 1))}`,
    ...(minutes.length > 1
      ? [`  by minute   ${sparkline(minutes.map(({ retries: number }) => number))}`]
      : []),
    ...(rows.length > 0
      ? table([head, ...rows]).map((line, index) => `  ${index === 0 ? paint(line, 'dim') : line}`)
      : []),
  ]
}

/** What is asked of the whole fleet. */
export function hintSection({ fleetHint }: MockStatus, paint: Paint): string[] {
  const { enabled, level, admitted } = fleetHint
  if (!enabled) return [`Fleet hint    ${paint('off', 'dim')}`]
  const asked = Object.entries(admitted).map(
    ([priority, ratio]) =>
      `${ratio === 1 ? 'all' : ratio === 0 ? 'no' : percent(ratio)} ${priority}`,
  )
  const tone = level < 1 ? 'bad' : level < 3 ? 'warn' : 'good'
  return [`Fleet hint    ${paint(`level ${level.toFixed(2)}`, tone)}: ${asked.join(', ')}`]
}

/** What somebody does to it on purpose. */
export function staged({ faults, scenario }: MockStatus, paint: Paint): string[] {
  const lines: string[] = []
  if (faults.length > 0) {
    const list = faults.map(({ id, fault, hits }) => `${id} ${fault.kind} (${count(hits)} hit)`)
    lines.push(paint(`Faults        ${list.join(', ')}`, 'warn'))
  }
  if (scenario) {
    const { name, state, done, steps, elapsedMs } = scenario
    const note = done.at(-1)?.note
    const failed = done.filter(({ error }) => error !== undefined)
    lines.push(
      `Scenario      ${name ?? 'unnamed'}: ${state}, ${done.length} of ${steps} steps after ${ms(elapsedMs)}`,
      ...failed.map(({ atMs, error }) => paint(`              at ${ms(atMs)}: ${error}`, 'bad')),
      ...(note ? [paint(`              ${note}`, 'dim')] : []),
    )
  }
  return lines
}
