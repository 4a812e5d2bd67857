import type { Timer } from '@evenkeel/core'
import { createDelivery } from './delivery.ts'
import type { OutboxEntry } from './entry.ts'
import type { Parts } from './parts.ts'
import { gapMs, type Ramp } from './ramp.ts'
import type { OutboxSignal } from './signals.ts'
import type { StoreTurn } from './store.ts'
import { survey } from './survey.ts'

/** Decides what is sent when: in this page's turn, in order within each lane, and paced. */
export interface Sender {
  /** Starts what may start, and sets the timer for what may not yet. */
  pump(): void
  /** The turn came, or is lost. */
  turned(): void
  /** The store failed: it is left alone for a while. */
  trouble(error: unknown): void
  hear(what: OutboxSignal): void
  /** The server is known to answer. */
  flush(): void
  pause(): Promise<void>
  resume(): void
  /** Nothing is started any more. */
  close(): void
}

/** How long a platform that says it has no network is believed. */
const offlineMs = 60_000
/** How long a store that failed is left alone. */
const storeRetryMs = 10_000

export function createSender<T, R>(parts: Parts<T, R>, turn: StoreTurn | undefined): Sender {
  const {
    backlog,
    clock,
    epochMs,
    maxConcurrent,
    random,
    replay,
    report,
    signal,
    signals,
    weather,
  } = parts
  const { deliver, putBack, end } = createDelivery(parts)
  let flights = 0
  let timer: Timer | undefined
  let ramp: Ramp | undefined
  let offlineUntilMs = 0
  let quietUntilMs = 0
  let isNew = true
  let isPaused = false
  let isYielding = false
  const whenIdle: (() => void)[] = []

  function trouble(error: unknown): void {
    if (signal.aborted) return
    report({ type: 'storeFailed', error })
    quietUntilMs = epochMs() + storeRetryMs
    pump()
  }

  /** Does something about an entry, while nobody else does. */
  async function fly({ id }: OutboxEntry<T>, task: Promise<unknown>): Promise<void> {
    backlog.busy.add(id)
    flights++
    await task.catch(trouble)
    flights--
    backlog.busy.delete(id)
    pump()
  }

  function startRamp(fromMs: number): void {
    ramp = { fromMs, nextAtMs: fromMs }
  }

  /** Somewhere in the start window. */
  const soonMs = (): number => epochMs() + random() * replay.startWindowMs

  /** Waits of one's own choice are over; a ramp that has begun, or will soon, goes on. */
  function hurry(): void {
    weather.clearedMs = epochMs()
    if (ramp && ramp.fromMs > epochMs() + replay.startWindowMs) startRamp(soonMs())
    pump()
  }

  /** Starts what may start in this page's turn; gives the instant at which to look again. */
  function sendDue(nowMs: number): number {
    // What waited before the turn came is sent on a ramp; by a clock that was set back, too.
    if (isNew)
      for (const { enqueuedAtMs } of backlog.entries.values())
        if (!ramp && Math.abs(nowMs - enqueuedAtMs) > replay.startWindowMs) startRamp(soonMs())
    isNew = false
    for (;;) {
      const { over, next, lookAtMs, heldUntilMs, failures } = survey(parts, nowMs)
      for (const [entry, fact] of over) fly(entry, fact ? end(entry, fact) : putBack(entry))
      // What listeners did meanwhile is to be seen first.
      if (over.length > 0) continue
      if (!next || flights >= maxConcurrent) return lookAtMs
      if (signals?.isOnline() !== false) offlineUntilMs = 0
      else offlineUntilMs ||= nowMs + offlineMs
      const untilMs = Math.max(heldUntilMs, offlineUntilMs)
      if (untilMs > nowMs) startRamp(untilMs)
      if (ramp) {
        if (ramp.nextAtMs > nowMs) return Math.min(ramp.nextAtMs, lookAtMs)
        ramp.nextAtMs = nowMs + gapMs(nowMs - ramp.fromMs, replay, random)
      }
      fly(next, deliver(next, failures))
    }
  }

  /** Does what can be done now; gives the instant at which to look again. */
  function act(): number {
    const nowMs = epochMs()
    const isClosed = signal.aborted
    if (isClosed || !isPaused || flights === 0) for (const resolve of whenIdle.splice(0)) resolve()
    if (isClosed) return Infinity
    if (nowMs < quietUntilMs) return quietUntilMs
    if (backlog.isStale()) {
      backlog.fresh().then(pump, trouble)
      return Infinity
    }
    const isDone = isPaused || backlog.entries.size === 0
    if (flights === 0) {
      if (isDone) ramp = undefined
      // There is no use for the turn, or another page has more.
      if (isDone ? backlog.settled.size === 0 : isYielding) turn?.yield()
      isYielding = false
    }
    if (isDone || isYielding) return Infinity
    if (!turn || turn.isMine) return sendDue(nowMs)
    turn.ask()
    return Infinity
  }

  function pump(): void {
    const atMs = act()
    timer?.cancel()
    if (atMs < Infinity) timer = clock.scheduleAt(clock.now() + atMs - epochMs(), pump)
  }

  return {
    pump,
    turned() {
      isNew = true
      backlog.doubt()
      pump()
    },
    trouble,
    hear(what) {
      // Timers of a hidden page are late: another page may do better.
      if (what === 'hidden') isYielding = !!turn?.isMine
      if (what === 'online') hurry()
      else pump()
    },
    flush() {
      weather.succeededMs = epochMs()
      hurry()
    },
    pause() {
      isPaused = true
      return new Promise<void>((resolve) => {
        whenIdle.push(resolve)
        pump()
      })
    },
    resume() {
      if (isPaused) {
        isPaused = false
        startRamp(soonMs())
        pump()
      }
    },
    close() {
      turn?.yield()
      pump()
    },
  }
}
