import {
  type Advice,
  advise,
  afterLoss,
  type ConnectRules,
  defaultCloseCodes,
  newConnect,
} from '@evenkeel/websocket'
import { backoffClient } from './backoff-client.ts'
import type { StartClient } from './herd-world.ts'

/** What a socket without options goes by; a test holds it to one. */
const rules: ConnectRules = {
  firstWindowMs: 5000,
  growth: 4,
  minDelayMs: 250,
  maxDelayMs: 30_000,
  herdWindowMs: 60_000,
  maxHerdDelayMs: 300_000,
  maxRetries: Infinity,
  closeCodes: defaultCloseCodes,
  canRefresh: false,
}

/** Clients that decide by the core of @evenkeel/websocket; `advice` is what their server had told them. */
export function evenkeelCore(advice: Advice = {}): StartClient {
  return backoffClient(({ random, time }) => {
    const state = newConnect()
    advise(state, advice, time.nowMs)
    return (loss, nowMs) => afterLoss(state, loss, rules, nowMs, random, () => true).delayMs
  })
}
