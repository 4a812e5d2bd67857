/** How long the attempts of a key take. */
export interface AttemptTimer {
  /** The smoothed time; `undefined` before the first answer. */
  smoothedMs: number | undefined
  /** How much times vary. */
  varianceMs: number
  /** How long an attempt is given, if nothing else says more. */
  neededMs: number
}

/** A key that nobody has called yet. */
export function attemptTimer(): AttemptTimer {
  return { smoothedMs: undefined, varianceMs: 0, neededMs: 0 }
}

/** An attempt was answered: what the next needs is TCP's estimate, `SRTT + 4 · RTTVAR` (RFC 6298 §2). */
export function answeredAfter(timer: AttemptTimer, elapsedMs: number): void {
  if (timer.smoothedMs === undefined) {
    timer.smoothedMs = elapsedMs
    timer.varianceMs = elapsedMs / 2
  } else {
    timer.varianceMs += (Math.abs(timer.smoothedMs - elapsedMs) - timer.varianceMs) / 4
    timer.smoothedMs += (elapsedMs - timer.smoothedMs) / 8
  }
  timer.neededMs = timer.smoothedMs + 4 * timer.varianceMs
}

/** An attempt got no answer in `limitMs`: the next is given twice that (RFC 6298 §5.5), until there is an answer. */
export function timedOutAfter(timer: AttemptTimer, limitMs: number): void {
  timer.neededMs = Math.max(timer.neededMs, 2 * limitMs)
}
