import type { Contender } from '../race/contender.ts'

/** So many calls that all code is compiled for them. */
const warmCalls = 20_000

/** A contender in a process where another has made its calls. */
export function beside({ name, prepare }: Contender, other: Contender): Contender {
  return {
    name: `${name}, beside ${other.name}`,
    async prepare(setting) {
      const call = await other.prepare({ ...setting, copy: 1 })
      for (let made = 0; made < warmCalls; made++) await call()
      return prepare(setting)
    },
  }
}
