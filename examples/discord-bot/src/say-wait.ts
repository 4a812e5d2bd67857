/** Says a wait as people do: `4 s`, `250 ms`. */
export function sayWait(delayMs: number): string {
  return delayMs < 1000 ? `${Math.ceil(delayMs)} ms` : `${Math.ceil(delayMs / 1000)} s`
}
