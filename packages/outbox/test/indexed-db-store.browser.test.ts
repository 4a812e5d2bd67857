import { it } from 'vitest'
import { indexedDbStore } from '../src/indexed-db.ts'
import { storeConformance } from '../src/testing/index.ts'

let names = 0

// Against the engine's own database: what a fake of it can't show.
const checks = storeConformance(() => {
  const name = `${performance.timeOrigin} ${++names}`
  return { open: () => indexedDbStore(name, { locks: false, channel: false }) }
})
for (const { name, run } of checks) it(`IndexedDB: ${name}`, run)
