import type { Call } from './contender.ts'

/** Makes `count` calls, `inFlight` at a time. */
export async function runCalls(call: Call, count: number, inFlight: number): Promise<void> {
  if (inFlight === 1) return inSequence(call, count)
  const share = Math.ceil(count / inFlight)
  await Promise.all(Array.from({ length: inFlight }, () => inSequence(call, share)))
}

async function inSequence(call: Call, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await call()
}
