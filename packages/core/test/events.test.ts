import { afterEach, describe, expect, test, vi } from 'vitest'
import { notify } from '../src/index.ts'

afterEach(() => void vi.restoreAllMocks())

describe('notify', () => {
  test('hands the event to the listener, if there is one', () => {
    const listener = vi.fn()
    notify(listener, { type: 'retried' })
    notify(undefined, { type: 'retried' })
    expect(listener.mock.calls).toEqual([[{ type: 'retried' }]])
  })

  test('reports a listener that throws, and goes on', () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const error = new Error('listener')
    notify(() => {
      throw error
    }, {})
    expect(report.mock.calls).toEqual([['evenkeel: a listener threw', error]])
  })

  test('reports a listener that rejects, and goes on', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    const error = new Error('async listener')
    notify(async () => {
      throw error
    }, {})
    await vi.waitFor(() =>
      expect(report.mock.calls).toEqual([['evenkeel: a listener threw', error]]),
    )
  })

  test('does not wait for a listener that never settles', () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => {})
    notify(() => new Promise(() => {}), {})
    expect(report).not.toHaveBeenCalled()
  })
})
