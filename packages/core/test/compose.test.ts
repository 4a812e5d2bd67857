import { describe, expect, test } from 'vitest'
import { compose, derive, nest, type Policy, run, runNested } from '../src/index.ts'

/** A policy that writes down when it is entered and left. */
function traced(name: string, log: string[]): Policy {
  return {
    name,
    async execute(next, context) {
      log.push(`> ${name}`)
      try {
        return await next(context)
      } finally {
        log.push(`< ${name}`)
      }
    },
  }
}

describe('compose', () => {
  test('puts the first listed outermost', async () => {
    const log: string[] = []
    const pipeline = compose(traced('a', log), traced('b', log), traced('c', log))
    await run(pipeline, () => log.push('action'))
    expect(log).toEqual(['> a', '> b', '> c', 'action', '< c', '< b', '< a'])
  })

  test('lists its policies, and is named after them', () => {
    const [a, b] = [traced('a', []), traced('b', [])]
    const pipeline = compose(a, b)
    expect(pipeline.policies).toEqual([a, b])
    expect(pipeline.name).toBe('a → b')
  })

  test('runs the bare action when it is given no policy', async () => {
    expect(await run(compose(), ({ attempt }) => `attempt ${attempt}`)).toBe('attempt 1')
  })

  test('nests pipelines in pipelines without changing the order', async () => {
    const log: string[] = []
    const [a, b, c] = ['a', 'b', 'c'].map((name) => traced(name, log)) as [Policy, Policy, Policy]
    await run(compose(compose(a, b), compose(), c), () => undefined)
    expect(log).toEqual(['> a', '> b', '> c', '< c', '< b', '< a'])
  })

  test('hands each policy the context that the one outside of it derived', async () => {
    const count: Policy = {
      name: 'count',
      execute: (next, context) => next(derive(context, { attempt: context.attempt + 1 })),
    }
    expect(await run(compose(count, count, count), ({ attempt }) => attempt)).toBe(4)
  })

  test('lets a policy call what is inside of it more than once, and at once', async () => {
    const twice: Policy = {
      name: 'twice',
      execute: (next, context) =>
        Promise.all([next(context), next(derive(context, { attempt: 2 }))]).then(
          ([first]) => first,
        ),
    }
    const attempts: number[] = []
    await run(compose(twice, traced('inner', [])), ({ attempt }) => attempts.push(attempt))
    expect(attempts).toEqual([1, 2])
  })

  test('keeps calls that run side by side apart', async () => {
    const pipeline = compose(traced('a', []), traced('b', []))
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => run(pipeline, async () => index)),
    )
    expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index))
  })

  test('calls a policy as a method of its object', async () => {
    class Counting implements Policy {
      readonly name = 'counting'
      calls = 0
      execute: Policy['execute'] = function (this: Counting, next, context) {
        this.calls++
        return next(context)
      }
    }
    const [outer, inner] = [new Counting(), new Counting()]
    await run(compose(outer, inner), () => undefined)
    expect([outer.calls, inner.calls]).toEqual([1, 1])
  })
})

describe('nest', () => {
  test('makes of policies and an action what each call only enters', async () => {
    const log: string[] = []
    const nested = nest([traced('a', log), traced('b', log)], async ({ tag, key }) => {
      log.push(`${tag} at ${key}`)
      return tag
    })
    const options = { key: 'api' }
    expect(await runNested(nested, { ...options, tag: 1 })).toBe(1)
    expect(await runNested(nested, { ...options, tag: 2 })).toBe(2)
    expect(log).toEqual([1, 2].flatMap((call) => ['> a', '> b', `${call} at api`, '< b', '< a']))
  })

  test('is the action where there are no policies', () => {
    const action = async (): Promise<void> => {}
    expect(nest([], action)).toBe(action)
  })

  test('ends with its signal, and rejects what it throws or is told wrong', async () => {
    const controller = new AbortController()
    const never = nest([], () => new Promise<never>(() => {}))
    const outcome = runNested(never, { signal: controller.signal })
    controller.abort('enough')
    await expect(outcome).rejects.toBe('enough')
    await expect(runNested(never, { deadlineMs: Number.NaN })).rejects.toThrow(/deadlineMs/)
    const broken = nest([], () => {
      throw new Error('broken')
    })
    await expect(runNested(broken)).rejects.toThrow('broken')
  })
})
