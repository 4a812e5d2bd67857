import { describe, expect, it } from 'vitest'
import { memoryStore } from '../src/memory.ts'
import { storeConformance } from '../src/testing/index.ts'

describe('a memory store', () => {
  const checks = storeConformance(() => ({ open: memoryStore }), { isLasting: false })
  for (const { name, run } of checks) it(name, run)

  it('begins with what it is given', async () => {
    const first = memoryStore()
    await first.write([{ id: 'a', revision: 0, entry: { id: 'a', revision: 1 } as never }])
    const rows = await first.read()
    const second = memoryStore(rows.map(([, value]) => value as never))
    expect(await second.read()).toEqual(rows)
  })
})
