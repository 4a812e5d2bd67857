import {
  type Clock,
  errorCode,
  isTransient,
  type Random,
  retryAfterMs,
  sleep,
} from '@evenkeel/core'
import type { Logger } from 'pino'
import { discard } from './discard.ts'
import { sayWait } from './say-wait.ts'

/** What patience needs. */
export interface Patience {
  readonly log: Logger
  readonly clock: Clock
  readonly random: Random
  /** When to stop, at the end of the bot. */
  readonly signal: AbortSignal
  /** No try begins later than so long after the first. */
  readonly forMs: number
  /** The wait where nobody says when to come back: between these. */
  readonly pauseMs: readonly [least: number, most: number]
}

/**
 * Comes back to a request for which fetch has given up: not at once, which would be a retry around its
 * retries, but when the refusal says, or after a pause.
 *
 * @returns the answer, or nothing when there was none worth waiting for
 */
export async function keepTrying(
  what: string,
  send: () => Promise<Response>,
  { log, clock, random, signal, forMs, pauseMs: [least, most] }: Patience,
): Promise<Response | undefined> {
  const untilMs = clock.now() + forMs
  for (;;) {
    const { response, why, isWorthIt, hintMs = 0 } = await attempt(send)
    if (response?.ok) return response
    await discard(response)
    if (signal.aborted) return undefined
    const pauseMs = Math.max(hintMs, least + random() * (most - least))
    if (!isWorthIt || clock.now() + pauseMs > untilMs) {
      log.error({ why }, `${what}: given up`)
      return undefined
    }
    log.warn({ why }, `${what}: again in ${sayWait(pauseMs)}`)
    try {
      await sleep(pauseMs, signal, clock)
    } catch {
      return undefined
    }
  }
}

interface Attempt {
  readonly response?: Response
  readonly why?: string
  readonly isWorthIt: boolean
  readonly hintMs?: number | undefined
}

async function attempt(send: () => Promise<Response>): Promise<Attempt> {
  try {
    const response = await send()
    const { status } = response
    return { response, why: `${status}`, isWorthIt: status === 429 || status >= 500 }
  } catch (error) {
    const code = errorCode(error)
    return {
      why: code ?? String(error),
      // What fetch itself throws has no code: the line broke.
      isWorthIt: code === undefined ? error instanceof TypeError : isTransient(error),
      hintMs: retryAfterMs(error),
    }
  }
}
