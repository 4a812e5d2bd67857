import process from 'node:process'
import type { Setup, ToChild } from './messages.ts'

/** How often a child tells how it is, in real ms. */
export const sampleEveryMs = 250

/** Milliseconds of the scenario since its start; negative before. */
type ScenarioTime = () => number

/** What a child process does with what it is told; each message it returns goes to its parent. */
export interface ChildWork<Message> {
  setup(setup: Setup, now: ScenarioTime): Promise<Message>
  /** The scenario begins soon. */
  start(): void
  sample(): Message
  finish(): Message | undefined
}

/** Runs a child: its parent leads, and when the parent goes the child goes. */
export function runChild<Message extends object>(work: ChildWork<Message>): void {
  let timeScale = 1
  let startMs = Number.POSITIVE_INFINITY
  const now = () => (performance.now() - startMs) * timeScale
  const tell = (message: Message | undefined) => {
    // A parent that goes meanwhile is no error: 'disconnect' follows.
    if (message && process.connected) process.send?.(message, undefined, undefined, () => {})
  }
  process.on('disconnect', () => process.exit())
  process.on('message', (message: ToChild) => {
    if (message.type === 'setup') {
      timeScale = message.scenario.scale.time
      void work.setup(message, now).then(tell)
    } else if (message.type === 'start') {
      startMs = performance.now() + message.epochMs - Date.now()
      work.start()
      setInterval(() => tell(work.sample()), sampleEveryMs)
    } else {
      tell(work.finish())
    }
  })
}
