import {
  type Advice,
  advise,
  afterLoss,
  defaultConnectRules,
  newConnect,
} from '@evenkeel/websocket'
import { backoffClient } from './backoff-client.ts'
import type { StartClient } from './herd-world.ts'

/** Clients that decide by the core of @evenkeel/websocket; `advice` is what their server had told them. */
export function evenkeelCore(advice: Advice = {}): StartClient {
  return backoffClient(({ random, time }) => {
    const state = newConnect()
    advise(state, advice, time.nowMs)
    return (loss, nowMs) =>
      afterLoss(state, loss, defaultConnectRules, nowMs, random, () => true).delayMs
  })
}
