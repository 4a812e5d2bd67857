import type { Clock } from '@evenkeel/core'

interface Wait {
  readonly atMs: number
  readonly callback: () => void
}

/** What promises have made ready runs. */
async function settle(): Promise<void> {
  for (let hop = 0; hop < 50; hop++) await undefined
}

/** A clock that moves on, and sleeps: hours then pass at once, and every timer that was due in them is late. */
export function sleepingClock() {
  let nowMs = 0
  let waits: Wait[] = []
  const fireDue = async (): Promise<void> => {
    await settle()
    for (;;) {
      const due = waits.find(({ atMs }) => atMs <= nowMs)
      if (!due) return
      waits = waits.filter((wait) => wait !== due)
      due.callback()
      await settle()
    }
  }
  const clock: Clock = {
    now: () => nowMs,
    wallNow: () => 1_700_000_000_000 + nowMs,
    scheduleAt(atMs, callback) {
      const wait = { atMs, callback }
      waits = [...waits, wait].sort((a, b) => a.atMs - b.atMs)
      return {
        cancel: () => {
          waits = waits.filter((each) => each !== wait)
        },
      }
    },
  }
  return Object.assign(clock, {
    async advance(byMs: number): Promise<void> {
      const targetMs = nowMs + byMs
      await fireDue()
      for (let next = waits[0]; next && next.atMs <= targetMs; next = waits[0]) {
        nowMs = Math.max(nowMs, next.atMs)
        await fireDue()
      }
      nowMs = targetMs
    },
    async sleep(forMs: number): Promise<void> {
      nowMs += forMs
      await fireDue()
    },
  })
}
