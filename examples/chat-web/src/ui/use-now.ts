import { useEffect, useState } from 'preact/hooks'
import { useApp } from './app-context.ts'

/** Gives the time of the app's clock, and renders anew every so often while `isRunning`. */
export function useNow(everyMs = 250, isRunning = true): number {
  const { clock } = useApp()
  const [, setTick] = useState(0)
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(() => setTick((tick) => tick + 1), everyMs)
    return () => clearInterval(timer)
  }, [everyMs, isRunning])
  return clock.now()
}
