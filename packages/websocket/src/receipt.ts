import { droppedError } from './dropped.ts'
import type { Settle } from './send-options.ts'

/** Makes a promise for one message, and what settles it. */
export function receipt(): { readonly sent: Promise<void>; readonly settle: Settle } {
  let settle: Settle = () => {}
  const sent = new Promise<void>((resolve, reject) => {
    settle = (failure) => {
      if (failure === undefined) return resolve()
      // Who does not wait for it hears of it by `undelivered`.
      sent.catch(() => {})
      reject(typeof failure === 'string' ? droppedError(failure) : failure.error)
    }
  })
  return { sent, settle }
}
