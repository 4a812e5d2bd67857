import { setImmediate } from 'node:timers/promises'

/** Lets everything run that is ready: promises, and what bodies are read by. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await setImmediate()
}
