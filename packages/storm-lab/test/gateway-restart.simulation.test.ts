import { describe, expect, it } from 'vitest'
import { contenders, runStorm, scenarios } from '../src/index.ts'

describe('a gateway that restarts', () => {
  it('is dialled to death by the prescription, and not by evenkeel', async () => {
    const { contenders: each } = await runStorm(scenarios['gateway-restart'], {
      clients: 2000,
      contenders: [contenders.prescription, contenders.evenkeel],
    })
    const [theirs, ours] = each.map(({ metrics }) => metrics.sockets)
    expect(theirs?.backMs).toBeNull()
    expect(ours?.backMs).toBeLessThan(600_000)
    expect(ours?.dialsPerDrop).toBeLessThan(3)
  })
})
