/** "Come again", besides all from 500 on. */
const waits: readonly number[] = [401, 408, 425, 429]

/** An answer that is no success, as it is to be told to the user. */
export class ApiError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
  }

  /** Whether asking again will not help. */
  get isFinal(): boolean {
    return this.status < 500 && !waits.includes(this.status)
  }
}
