/** What comes instead of a status when there is no answer. */
export const noAnswer = {
  /** No connection: nothing was sent. */
  refused: 1,
  /** The connection broke, who knows when. */
  lost: 2,
  /** The client knows that it has no network. */
  offline: 3,
} as const

/** Whether the attempt is what its user waits for. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 400
}
