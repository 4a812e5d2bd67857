import { decimalMs } from './decimal-ms.ts'

/**
 * Reads `retry_after`, in seconds, from a parsed JSON body as milliseconds
 * (https://docs.discord.com/developers/topics/rate-limits). Anything else is `undefined`.
 */
export function bodyRetryAfter(body: unknown): number | undefined {
  const seconds = (body as { retry_after?: unknown } | null | undefined)?.retry_after
  return typeof seconds === 'number' || typeof seconds === 'string'
    ? decimalMs(`${seconds}`)
    : undefined
}
