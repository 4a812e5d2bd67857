import { describe, expect, it } from 'vitest'
import { overload } from './overload.ts'

describe('a fleet at three times what its server can take', () => {
  it('keeps the server at nine tenths of its best or better, and every critical call served', async () => {
    const { goodput, success, waste } = await overload('obeyed', 480)
    console.log(
      `fleet hint at 3×: goodput ${goodput.toFixed(2)}, critical ${success.critical.toFixed(3)}, ` +
        `important ${success.important.toFixed(2)}, deferred ${success.deferred.toFixed(2)}, waste ${waste.toFixed(3)}`,
    )
    expect(goodput).toBeGreaterThanOrEqual(0.9)
    expect(success.critical).toBeGreaterThanOrEqual(0.99)
    expect(success.critical).toBeGreaterThan(success.important)
    expect(success.important).toBeGreaterThan(success.deferred)
    expect(waste).toBeLessThanOrEqual(0.02)
  })

  it('is no worse off with a hint that is lost than without one', async () => {
    const [lost, without] = [await overload('lost', 60), await overload('none', 60)]
    expect(lost).toEqual(without)
    expect(without.goodput).toBeLessThan(0.5)
  })
})
