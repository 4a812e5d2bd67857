import type { Loss } from '@evenkeel/websocket'
import type { HerdWorld, StartClient } from './herd-world.ts'

/** How long one client waits after each loss in a row. */
export type Backoff = (loss: Loss, nowMs: number) => number

/** Makes clients that do nothing but dial and wait; each gets a backoff of its own. */
export function backoffClient(backoffOf: (world: HerdWorld) => Backoff): StartClient {
  return (world) => {
    const { time } = world
    const backoff = backoffOf(world)
    const dial = (): void => {
      world.dial(handlers)
    }
    const handlers = {
      onOpen() {},
      onLoss(loss: Loss) {
        time.at(time.nowMs + backoff(loss, time.nowMs), dial)
      },
    }
    dial()
  }
}
