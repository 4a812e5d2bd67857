import { EvenkeelError } from '@evenkeel/core'
import { manualClock, seededRandom } from '@evenkeel/core/testing'
import { retry } from '@evenkeel/retry'
import { expect, it } from 'vitest'
import { batch, type LoadOptions } from '../src/index.ts'

/** What a key comes to: its value, its own error, an error at every other try, or one for all that travel with it. */
const fates = ['value', 'value', 'value', 'error', 'transient', 'poison'] as const

const poison = new TypeError('poison')

/** How a call ended. */
type Ending = { readonly value?: string; readonly error?: unknown }

/** Many calls for few keys, some of which leave, under options drawn by chance; says which ended as they must not. */
async function run(seed: number): Promise<readonly unknown[]> {
  const random = seededRandom(seed)
  const below = (count: number): number => Math.floor(random() * count)
  const clock = manualClock()
  const [areObjects, isMap, retries, splits] = [0.3, 0.4, 0.5, 0.4].map((part) => random() < part)
  const keyCount = 1 + below(40)
  const fateOf = Array.from({ length: keyCount }, () => fates[below(splits ? 6 : 5)])
  const tries = new Map<number, number>()

  function outcomeOf(key: number): string | Error {
    const count = (tries.get(key) ?? 0) + 1
    tries.set(key, count)
    if (fateOf[key] === 'error') return new Error(`error of ${key}`)
    return fateOf[key] === 'transient' && count % 2
      ? new EvenkeelError('LATER', `not yet ${key}`, { transient: true })
      : `value of ${key}`
  }

  const wrong: unknown[] = []
  const letters = batch<{ readonly id: number } | number, string>(
    async (given) => {
      const keys = given.map((key) => (typeof key === 'number' ? key : key.id))
      if (new Set(keys).size < keys.length) wrong.push({ seed, askedTwice: keys })
      for (let hops = below(4); hops--; ) await undefined
      if (random() < 0.3)
        await new Promise<void>((resolve) => clock.scheduleAt(clock.now() + below(50), resolve))
      if (keys.some((key) => fateOf[key] === 'poison')) throw poison
      const outcomes = keys.map(outcomeOf)
      return isMap ? new Map(keys.map((key, at) => [key, outcomes[at] as string])) : outcomes
    },
    {
      clock,
      window: below(2) ? 0 : 5,
      maxSize: 1 + below(30),
      idOf: areObjects ? (key) => (typeof key === 'number' ? key : key.id) : undefined,
      policy: retries ? retry({ clock, random, budget: false }) : undefined,
      shouldSplit: ({ error }) => !!splits && error === poison,
    },
  )

  function optionsOf(controller: AbortController | undefined): LoadOptions | undefined {
    if (controller) return { signal: controller.signal }
    if (random() < 0.8) return undefined
    const deadlineMs = below(2) ? 60 + below(100) : undefined
    return { priority: (['critical', 'important', 'deferred'] as const)[below(3)], deadlineMs }
  }

  function mayEnd(
    key: number,
    options: LoadOptions | undefined,
    { value, error }: Ending,
  ): boolean {
    const { code, message } = (error ?? {}) as Partial<EvenkeelError>
    if (error === 'gone') return !!options?.signal?.aborted
    if (code === 'DEADLINE_EXCEEDED') return options?.deadlineMs !== undefined
    if (fateOf[key] === 'poison') return error === poison
    if (fateOf[key] === 'error') return message === `error of ${key}`
    return value === `value of ${key}` || (fateOf[key] === 'transient' && code === 'LATER')
  }

  let ended = 0
  const calls = 1 + below(60)
  const endings: Promise<void>[] = []
  for (let call = 0; call < calls; call++) {
    const key = below(keyCount)
    const controller = random() < 0.3 ? new AbortController() : undefined
    const options = optionsOf(controller)
    const check = (ending: Ending): void => {
      ended++
      if (!mayEnd(key, options, ending)) wrong.push({ seed, key, fate: fateOf[key], ...ending })
    }
    endings.push(
      letters.load(areObjects ? { id: key } : key, options).then(
        (value) => check({ value }),
        (error: unknown) => check({ error }),
      ),
    )
    if (controller && random() < 0.5)
      clock.scheduleAt(clock.now() + below(60), () => controller.abort('gone'))
    if (random() < 0.3) await undefined
    if (random() < 0.1) await clock.advance(below(20))
    if (random() < 0.03) letters.flush()
  }
  await clock.advance(400_000)
  if (ended !== calls || clock.pending) wrong.push({ seed, ended, calls, pending: clock.pending })
  return wrong
}

it('gives each of 30,000 calls what its own key comes to, whoever leaves, fails, is split or tried again', async () => {
  for (let seed = 1; seed <= 1000; seed++) expect(await run(seed)).toEqual([])
})
