import type { Gate, GateCall } from './gate.ts'
import type { RateLimitState } from './rate-limit-options.ts'

/** How a key stands; one that is not known yet is free. */
export function stateOf<C extends GateCall>(
  gate: Gate<C> | undefined,
  nowMs: number,
): RateLimitState {
  return {
    cooldownMs: Math.max(0, (gate?.cooldown.untilMs ?? 0) - nowMs),
    queued: gate?.queue.length ?? 0,
    buckets: gate?.limits.flatMap((limit) => limit.buckets?.(nowMs) ?? []) ?? [],
  }
}
