import type { Timer } from '@evenkeel/core'
import { createDelivery } from './delivery.ts'
import type { EntryWait, OutboxEntry } from './entry.ts'
import type { Parts } from './parts.ts'
import { climb, newRamp, type Ramp } from './ramp.ts'
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
  hear(signal: OutboxSignal): void
  /** The server is known to answer. */
  flush(): void
  pause(): Promise<void>
  resume(): void
  close(reason: unknown): void
}

/** How long a platform that says it has no network is believed. */
const offlineMs = 60_000
/** How long a store that failed is left alone. */
const storeRetryMs = 10_000

export function createSender<T, R>(
  parts: Parts<T, R>,
  turn: StoreTurn | undefined,
  storeFailed: (error: unknown) => void,
): Sender {
  const { backlog, settings, isExclusive, epochMs } = parts
  const { clock, random, replay, keyLifeMs, duplicates, maxConcurrent, signals } = settings
  const { busy } = backlog
  const rules = { keyLifeMs, duplicates, busy }
  const ending = new AbortController()
  const delivery = createDelivery(parts, ending.signal)
  let flights = 0
  let timer: Timer | undefined
  let ramp: Ramp | undefined
  let lastWait: EntryWait | undefined
  let succeededMs = -Infinity
  let clearedMs = -Infinity
  let offlineUntilMs = 0
  let quietUntilMs = 0
  let isNew = true
  let isPaused = false
  let isYielding = false
  const whenIdle: (() => void)[] = []

  function lookAt(atMs: number): void {
    timer?.cancel()
    if (atMs < Infinity) timer = clock.scheduleAt(clock.now() + atMs - epochMs(), pump)
  }

  function trouble(error: unknown): void {
    if (ending.signal.aborted) return
    storeFailed(error)
    quietUntilMs = epochMs() + storeRetryMs
    lookAt(quietUntilMs)
  }

  /** Does something about an entry, while nobody else does. */
  async function fly({ id }: OutboxEntry<T>, task: Promise<unknown>): Promise<void> {
    busy.add(id)
    flights++
    await task.catch(trouble)
    flights--
    busy.delete(id)
    pump()
  }

  async function deliver(entry: OutboxEntry<T>, failures: number): Promise<void> {
    const outcome = await delivery.deliver(entry, failures)
    if (outcome === true) clearedMs = succeededMs = epochMs()
    else lastWait = outcome || lastWait
  }

  /** Nothing is under way any more, and nothing will be. */
  function becomeIdle(): void {
    for (const resolve of whenIdle.splice(0)) resolve()
  }

  /** Gives the turn back when there is no use for it; whether there is nothing to do. */
  function rests(): boolean {
    if (flights > 0) return isPaused || isYielding
    const isDone = isPaused || backlog.entries.size === 0
    if (isPaused) becomeIdle()
    else if (isDone) ramp = undefined
    if (isDone ? backlog.isSettled() : isYielding) turn?.yield()
    isYielding = false
    return isDone
  }

  /** What has waited is sent on a ramp. */
  function restart(): void {
    if (backlog.entries.size > 0) ramp = newRamp(epochMs(), replay, random)
    pump()
  }

  /** Waits of one's own choice are over. */
  function hurry(): void {
    clearedMs = epochMs()
    restart()
  }

  /** Starts what may start; gives the instant at which to look again. */
  function sendDue(nowMs: number): number {
    for (;;) {
      const { ended, orphans, next, lookAtMs, heldUntilMs, failures } = survey(
        backlog.entries.values(),
        nowMs,
        { ...rules, isExclusive: isExclusive(), lastWait, succeededMs, clearedMs },
      )
      for (const [entry, type] of ended) fly(entry, delivery.end(entry, { type }))
      for (const entry of orphans) fly(entry, delivery.adopt(entry))
      // What listeners did meanwhile is to be seen first.
      if (ended.length + orphans.length > 0) continue
      if (!next || flights >= maxConcurrent) return lookAtMs
      if (signals?.isOnline() !== false) offlineUntilMs = 0
      else if (offlineUntilMs === 0) offlineUntilMs = nowMs + offlineMs
      const untilMs = Math.max(heldUntilMs, offlineUntilMs)
      if (untilMs > nowMs) ramp = { fromMs: untilMs, nextAtMs: untilMs }
      if (ramp) {
        if (ramp.nextAtMs > nowMs) return Math.min(ramp.nextAtMs, lookAtMs)
        ramp = climb(ramp, nowMs, replay, random)
      }
      fly(next, deliver(next, failures))
    }
  }

  /** What waited before this page's turn is sent on a ramp. */
  function takeOver(nowMs: number): void {
    isNew = false
    for (const { enqueuedAtMs } of backlog.entries.values())
      if (nowMs - enqueuedAtMs > replay.startWindowMs) ramp ??= newRamp(nowMs, replay, random)
  }

  function pump(): void {
    timer?.cancel()
    const nowMs = epochMs()
    if (ending.signal.aborted) becomeIdle()
    else if (nowMs < quietUntilMs) lookAt(quietUntilMs)
    else if (backlog.isStale()) backlog.fresh().then(pump, trouble)
    else if (!rests()) {
      if (turn && !turn.isMine) turn.ask()
      else {
        if (isNew) takeOver(nowMs)
        lookAt(sendDue(nowMs))
      }
    }
  }

  return {
    pump,
    turned() {
      isNew = true
      backlog.doubt()
      pump()
    },
    trouble,
    hear(signal) {
      // Timers of a hidden page are late: another page may do better.
      if (signal === 'hidden') isYielding = turn?.isMine ?? false
      if (signal === 'online') hurry()
      else pump()
    },
    flush() {
      succeededMs = epochMs()
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
        restart()
      }
    },
    close(reason) {
      ending.abort(reason)
      turn?.yield()
      pump()
    },
  }
}
