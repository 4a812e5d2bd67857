import { expect, it } from 'vitest'
import { networkMonitor } from '../../src/network/index.ts'

it('learns from what the page loads', async () => {
  const monitor = networkMonitor()
  try {
    expect(monitor.facts.quality).toBe('good')
    await (await fetch(`${location.origin}/?network`, { cache: 'no-store' })).text()
    while (monitor.facts.state !== 'online') await new Promise((resolve) => setTimeout(resolve, 5))
    expect(monitor.adaptation.timeoutFactor).toBeGreaterThanOrEqual(1)
  } finally {
    monitor.close()
  }
})
