import type { Clock, Timer } from '../clock.ts'
import { timerQueue } from '../timer-queue.ts'

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** How many waits are pending: 0 when nothing leaks. */
  readonly pending: number
  /** Lets what is ready run; then moves on, wait by wait, letting what each starts run before the next. */
  advance(byMs: number): Promise<void>
  /** Moves to each wait in turn until there is none, or `limitMs` have passed. @defaultValue one day */
  runAll(limitMs?: number): Promise<void>
  /** Moves the wall clock alone, as NTP or a person does. */
  setWall(epochMs: number): void
}

/** Runs what promises have made ready; a chain of more than 50 steps needs another call. */
async function settle(): Promise<void> {
  for (let hop = 0; hop < 50; hop++) await undefined
}

/** Makes a clock at instant 0 whose wall shows `wallMs`. */
export function manualClock(wallMs: number = Date.UTC(2022, 0, 25, 16, 47)): ManualClock {
  const queue = timerQueue()
  let nowMs = 0
  let wallOffsetMs = wallMs
  async function moveTo(targetMs: number): Promise<void> {
    await settle()
    while (queue.nextAtMs <= targetMs) {
      nowMs = Math.max(nowMs, queue.nextAtMs)
      for (let due = queue.take(nowMs); due; due = queue.take(nowMs)) {
        due()
        await settle()
      }
    }
  }
  return {
    now: () => nowMs,
    wallNow: () => wallOffsetMs + nowMs,
    scheduleAt: (atMs: number, callback: () => void): Timer => queue.add(atMs, callback),
    get pending() {
      return queue.size
    },
    async advance(byMs) {
      const targetMs = nowMs + byMs
      await moveTo(targetMs)
      nowMs = targetMs
    },
    async runAll(limitMs = 86_400_000) {
      await moveTo(nowMs + limitMs)
    },
    setWall(epochMs) {
      wallOffsetMs = epochMs - nowMs
    },
  }
}
