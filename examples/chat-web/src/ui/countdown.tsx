import { useNow } from './use-now.ts'

/** The seconds left, rounded up, in words: "in 4 s". */
export function secondsWords(untilMs: number, nowMs: number): string {
  return untilMs > nowMs ? `in ${Math.ceil((untilMs - nowMs) / 1000)} s` : 'now'
}

/** Counts down. */
export function Countdown({ untilMs }: { untilMs: number }) {
  return (
    <span class="countdown" role="timer">
      {secondsWords(untilMs, useNow())}
    </span>
  )
}
