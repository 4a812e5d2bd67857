import type { MockStatus } from '../../admin/mock-status.ts'
import { alertLine } from '../alert-text.ts'
import { count, ms, percent } from '../units.ts'
import type { Paint, Tone } from './look.ts'
import type { Probe } from './probe.ts'

const verdicts: Readonly<Record<MockStatus['cascade']['verdict'], readonly [string, Tone]>> = {
  calm: ['CALM', 'good'],
  strained: ['STRAINED', 'warn'],
  storm: ['STORM', 'bad'],
}

/** The first thing that is read: how it looks, since when, and why. */
export function headline({ cascade, uptimeMs, preset, scale }: MockStatus, paint: Paint): string[] {
  const { verdict, alerts, history } = cascade
  const [word, tone] = verdicts[verdict]
  const since = Math.min(...alerts.map(({ sinceMs }) => sinceMs))
  const nowMs = Date.now()
  const forMs = alerts.length > 0 ? `  for ${ms(Math.max(0, nowMs - since))}` : ''
  const size =
    scale && (scale.rate !== 1 || scale.time !== 1) ? `, ${scale.rate},${scale.time}` : ''
  const lines = [
    `${paint(word, tone)}${forMs}   ${paint(`${preset ?? 'no backend'}${size}, up ${ms(uptimeMs)}`, 'dim')}`,
  ]
  const [last] = history
  const shown = alerts.length === 0 && last ? [last] : alerts
  return [...lines, ...shown.map((alert) => alertLine(alert, nowMs, paint))]
}

/** One call, as anybody would make it, beside what is usual; and all calls of the last hour. */
export function calls({ cascade, hour }: MockStatus, probe: Probe, paint: Paint): string[] {
  const usualMs = cascade.usual?.meanMs
  const isOk = probe.state === 'answered' && probe.status < 400
  const answer =
    probe.state === 'answered'
      ? `${probe.status} after ${ms(probe.durationMs)}`
      : probe.state === 'waiting'
        ? `no answer for ${ms(probe.durationMs)} so far`
        : `${probe.state} after ${ms(probe.durationMs)}`
  const usually = usualMs === undefined ? '' : paint(`  (usually ${ms(usualMs)})`, 'dim')
  const { now } = cascade
  const asked = hour.all.ok + hour.all.limited + hour.all.failed
  const ratio = asked === 0 ? null : hour.all.ok / asked
  const ok = (share: number | null) => {
    const tone: Tone = share === null || share >= 0.99 ? 'good' : share >= 0.9 ? 'warn' : 'bad'
    return paint(`${percent(share)} ok`, tone)
  }
  return [
    `One call      GET ${probe.path}  ${paint(answer, isOk ? 'good' : 'bad')}${usually}`,
    `Now           ${now.requestsPerSecond.toFixed(1)} requests a second, ${ok(now.okRatio)}, ${ms(now.meanMs)} each, ${now.retriesPerFirst.toFixed(2)} retries per first attempt`,
    `Last ${hour.spanMs < 3_540_000 ? ms(hour.spanMs).padEnd(9) : 'hour     '}${count(hour.all.requests)} requests, ${ok(ratio)}`,
  ]
}
