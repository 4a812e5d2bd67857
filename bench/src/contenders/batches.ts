import type { Call, Contender } from '../race/contender.ts'

/** dataloader as it comes; a round must not find the results of the one before. */
export const cachedPeer = 'dataloader, a new one for each round'

/** What loads: resolves at once with as many values as keys. */
const load = async (keys: readonly number[]): Promise<number[]> => keys.map((key) => key * 2)

/** Contenders that load `size` different keys of one tick. */
export function batchContenders(size: number): readonly Contender[] {
  const keys = Array.from({ length: size }, (_, key) => key)
  const uncached = async (): Promise<Call> => {
    const { default: DataLoader } = await import('dataloader')
    const loader = new DataLoader(load, { cache: false })
    return () => Promise.all(keys.map((key) => loader.load(key)))
  }
  return [
    { name: 'dataloader, cache off', prepare: uncached },
    { name: 'the same (twin, control)', prepare: uncached },
    {
      name: cachedPeer,
      async prepare() {
        const { default: DataLoader } = await import('dataloader')
        return () => {
          const loader = new DataLoader(load)
          return Promise.all(keys.map((key) => loader.load(key)))
        }
      },
    },
    { name: 'bare: one load of all keys', prepare: async () => () => load(keys) },
    {
      name: 'evenkeel batch',
      target: 1,
      async prepare() {
        const { batch } = await import('@evenkeel/batch')
        const doubles = batch(load, { maxSize: 1000 })
        return () => Promise.all(keys.map((key) => doubles.load(key)))
      },
    },
  ]
}
