import { Station } from '../src/backend/station.ts'
import type { StationOptions } from '../src/backend/station-options.ts'
import { AttemptTable } from '../src/fleet/attempt-table.ts'
import { Kernel } from '../src/kernel/kernel.ts'
import { RandomStream } from '../src/random/random-stream.ts'

/** A station by itself, and a record of what became of what it was given, by number. */
export function stationWorld(options: StationOptions) {
  const kernel = new Kernel()
  const attempts = new AttemptTable()
  const ends: string[] = []
  const tell = (what: string, attempt: number): void => {
    ends.push(`${kernel.nowMs} ${what} ${attempts.numberOf(attempt)}`)
  }
  const station = new Station(
    0,
    { kernel, attempts },
    new RandomStream(1, 'service'),
    { distribution: 'fixed', ...options },
    1,
    {
      served: (attempt) => tell('served', attempt),
      refused: (attempt, status) => tell(`${status}`, attempt),
      dropped: (attempt) => tell('dropped', attempt),
    },
  )
  /** Gives it an attempt, and gives the attempt. */
  function submit(priority = 0, isRead = false): number {
    const attempt = attempts.take()
    attempts.stamp[attempt] = (attempts.stamp[attempt] as number) + 1
    attempts.priority[attempt] = priority
    attempts.isRead[attempt] = +isRead
    station.submit(attempt)
    return attempt
  }
  return { kernel, attempts, station, submit, ends }
}
