import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compose, run, sleep } from '../src/index.ts'

/** As the `abort-controller` that React Native has: no reason, no `throwIfAborted`, no `AbortSignal.any`. */
class PhoneController {
  readonly signal = Object.assign(new EventTarget(), { aborted: false })

  abort(): void {
    if (this.signal.aborted) return
    this.signal.aborted = true
    this.signal.dispatchEvent(new Event('abort'))
  }
}

describe('with the signals of React Native', () => {
  beforeEach(() => {
    vi.stubGlobal('AbortController', PhoneController)
  })
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  const abortError = { name: 'AbortError', message: 'Aborted' }

  it('a call ends with an error, as they do not say why they aborted', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const call = run(compose(), ({ signal }) => sleep(1e6, signal), { signal })
    controller.abort()
    await expect(call).rejects.toMatchObject(abortError)
    await expect(run(compose(), () => 1, { signal })).rejects.toMatchObject(abortError)
  })
})
