import type { Contender } from '../race/contender.ts'

/** What loads: resolves at once with as many values as keys. */
const load = async (keys: readonly number[]): Promise<number[]> => keys.map((key) => key * 2)

/** Contenders that load `size` different keys of one tick. */
export function batchContenders(size: number): readonly Contender[] {
  const keys = Array.from({ length: size }, (_, key) => key)
  return [
    { name: 'bare: one load of all keys', prepare: async () => () => load(keys) },
    { name: 'the same (twin, control)', prepare: async () => () => load(keys) },
    {
      name: 'dataloader, cache off',
      async prepare() {
        const { default: DataLoader } = await import('dataloader')
        const loader = new DataLoader(load, { cache: false })
        return () => Promise.all(keys.map((key) => loader.load(key)))
      },
    },
    {
      name: 'dataloader, a new one for each round',
      async prepare() {
        const { default: DataLoader } = await import('dataloader')
        return () => {
          const loader = new DataLoader(load)
          return Promise.all(keys.map((key) => loader.load(key)))
        }
      },
    },
    {
      name: 'evenkeel batch',
      async prepare() {
        const { batch } = await import('@evenkeel/batch')
        const doubles = batch(load, { maxSize: 1000 })
        return () => Promise.all(keys.map((key) => doubles.load(key)))
      },
    },
  ]
}
