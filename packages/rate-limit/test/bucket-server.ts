import { type CallContext, failureFacts, run } from '@evenkeel/core'
import { type ManualClock, manualClock, seededRandom } from '@evenkeel/core/testing'
import { type LimitFactory, type RateLimitEvent, rateLimit } from '../src/index.ts'

/** A bucket of the server's: `limit` calls in a window that the first of them opens. */
export class FixedWindow {
  readonly limit: number
  readonly windowMs: number
  used = 0
  endsAtMs = -Infinity

  constructor(limit: number, windowMs: number) {
    this.limit = limit
    this.windowMs = windowMs
  }

  /** Counts a call. @returns whether it is within the limit */
  take(nowMs: number): boolean {
    if (nowMs >= this.endsAtMs) {
      this.used = 0
      this.endsAtMs = nowMs + this.windowMs
    }
    this.used++
    return this.used <= this.limit
  }

  headers(nowMs: number) {
    return {
      limit: this.limit,
      remaining: Math.max(0, this.limit - this.used),
      resetAfterMs: this.endsAtMs - nowMs,
    }
  }
}

interface Answer {
  readonly status: number
  readonly atMs: number
  readonly name: string
  readonly route: string
}

const sleepOn = (clock: ManualClock, forMs: number): Promise<void> =>
  new Promise((resolve) => clock.scheduleAt(clock.now() + forMs, resolve))

class Refusal extends Error {
  get [failureFacts]() {
    return { throttled: true, transient: true, reached: 'no' } as const
  }
}

/** A client with learned buckets against a server with those of `buckets`, whose names it only tells in answers. */
export function server({
  bucketOf,
  buckets,
  limits,
  latencyMs = () => 50,
}: {
  bucketOf(route: string): string
  buckets: Record<string, FixedWindow>
  limits: readonly LimitFactory[]
  /** One way. */
  latencyMs?(): number
}) {
  const clock = manualClock()
  const events: RateLimitEvent[] = []
  const limit = rateLimit({
    clock,
    random: seededRandom(1),
    limits,
    onEvent: (event) => events.push(event),
  })
  /** In the order in which they came to the server. */
  const answers: Answer[] = []

  /** In the order in which they left. */
  const sent: string[] = []

  async function request(name: string, route: string, context: CallContext): Promise<string> {
    sent.push(name)
    await sleepOn(clock, latencyMs())
    const id = bucketOf(route)
    const bucket = buckets[id] as FixedWindow
    const isWithin = bucket.take(clock.now())
    const headers = { ...bucket.headers(clock.now()), bucket: id.split('#')[0] as string }
    answers.push({ status: isWithin ? 200 : 429, atMs: clock.now(), name, route })
    await sleepOn(clock, latencyMs())
    if (isWithin) {
      limit.learn(context, headers)
      return name
    }
    limit.learn(context, {
      ...headers,
      refused: true,
      invalid: true,
      scope: 'user',
      retryAfterMs: headers.resetAfterMs,
    })
    throw new Refusal()
  }

  const send = (name: string, route: string): Promise<string> =>
    run(limit, (context) => request(name, route, context), { key: 'api', route, clock })

  const refusals = (): number => answers.filter(({ status }) => status === 429).length

  return { clock, events, limit, answers, sent, send, refusals }
}
