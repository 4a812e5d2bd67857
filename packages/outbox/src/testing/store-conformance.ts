import type { OutboxEntry } from '../entry.ts'
import type { OutboxStore, StoreChange } from '../store.ts'
import { same } from './same.ts'
import { drop, entry, put } from './sample-changes.ts'

/** A place of its own for entries, and how a store opens it. */
export interface StoreHarness {
  /** Opens a store over the place, which is empty at first. */
  open(): OutboxStore | Promise<OutboxStore>
}

/** What {@link storeConformance} can be told. */
export interface ConformanceOptions {
  /** Whether what was stored is there when the place is opened again. @defaultValue `true` */
  readonly isLasting?: boolean | undefined
}

/** One promise of every store. */
export interface StoreCheck {
  /** In words: `a store …`. */
  readonly name: string
  /** Rejects when the store does not keep it. */
  run(): Promise<void>
}

function expect(actual: unknown, expected: unknown, what: string): void {
  if (!same(actual, expected))
    throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`)
}

const show = (value: unknown): string => JSON.stringify(value) ?? String(value)

async function idsIn(store: OutboxStore): Promise<string[]> {
  return (await store.read()).map(([id]) => id)
}

const payloads: Readonly<Record<string, unknown>> = {
  text: 'ünï\u{1F600}\n"quoted"\u0000',
  numbers: [0, -1.5, 1e300],
  nothing: null,
  nested: { list: [{ deep: [true, false] }], empty: {}, none: [] },
  proto: JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
  bytes: { body: Uint8Array.of(0, 127, 128, 255), none: new Uint8Array(0) },
  tagged: { $: 'bytes', base64: 'AAAA' },
}

const promises: Readonly<Record<string, (store: OutboxStore) => Promise<void>>> = {
  'is empty at first': async (store) => expect(await store.read(), [], 'read'),

  'gives back what was stored, by id in ascending order': async (store) => {
    for (const id of ['b', 'c', 'a']) expect(await store.write([put(id)]), true, `write of ${id}`)
    expect(
      await store.read(),
      ['a', 'b', 'c'].map((id) => [id, entry(id)]),
      'read',
    )
  },

  'gives back payloads as they were': async (store) => {
    for (const [id, payload] of Object.entries(payloads))
      expect(await store.write([put(id, 0, { payload })]), true, `write of ${id}`)
    for (const [id, value] of await store.read())
      expect((value as OutboxEntry).payload, payloads[id], `payload ${id}`)
  },

  'replaces and removes': async (store) => {
    await store.write([put('a'), put('b')])
    expect(await store.write([put('a', 1, { attempts: 3 }), drop('b', 1)]), true, 'write')
    expect(await store.read(), [['a', entry('a', { revision: 2, attempts: 3 })]], 'read')
  },

  'changes nothing when a condition does not hold': async (store) => {
    await store.write([put('a'), put('b')])
    const before = await store.read()
    const refused: [string, StoreChange[]][] = [
      ['what is there added', [put('a')]],
      ['what is not there replaced', [put('c', 1)]],
      ['another revision replaced', [put('a', 2)]],
      ['another revision removed', [drop('a', 7)]],
      ['what is not there removed', [drop('c', 1)]],
      ['a good change before a bad one', [put('c'), put('a')]],
      ['a good removal after a bad one', [put('a', 9), drop('b', 1)]],
    ]
    for (const [what, changes] of refused) {
      expect(await store.write(changes), false, what)
      expect(await store.read(), before, `read after ${what}`)
    }
  },

  'removes without a condition, there or not': async (store) => {
    await store.write([put('a')])
    expect(await store.write([drop('a'), drop('nobody')]), true, 'write')
    expect(await idsIn(store), [], 'read')
  },

  'answers in the order in which it is asked': async (store) => {
    const answers: string[] = []
    const seen: string[][] = []
    await Promise.all([
      store.write([put('a')]).then(() => answers.push('first write')),
      store.read().then((rows) => answers.push('first read') && seen.push(rows.map(([id]) => id))),
      store.write([put('a', 1)]).then(() => answers.push('second write')),
      store.write([drop('a', 2)]).then(() => answers.push('third write')),
      store.read().then((rows) => answers.push('second read') && seen.push(rows.map(([id]) => id))),
    ])
    const asked = ['first write', 'first read', 'second write', 'third write', 'second read']
    expect(answers, asked, 'answers')
    expect(seen, [['a'], []], 'reads')
  },

  'lets one of many that want the same win': async (store) => {
    await store.write([put('a')])
    const wins = await Promise.all(
      Array.from({ length: 20 }, (_, attempts) => store.write([put('a', 1, { attempts })])),
    )
    expect(wins.filter(Boolean).length, 1, 'wins')
    const [[, value] = []] = await store.read()
    expect((value as OutboxEntry).attempts, wins.indexOf(true), 'the winner')
  },

  'keeps a thousand': async (store) => {
    const ids = Array.from({ length: 1000 }, (_, i) => String(i).padStart(4, '0'))
    await Promise.all(ids.map((id) => store.write([put(id)])))
    expect(await idsIn(store), ids, 'read')
    await Promise.all(ids.slice(1).map((id) => store.write([drop(id, 1)])))
    expect(await idsIn(store), ['0000'], 'read after removal')
  },
}

async function isKept({ open }: StoreHarness): Promise<void> {
  const first = await open()
  await first.write([put('a'), put('b')])
  await first.write([put('a', 1), drop('b', 1), put('c')])
  await first.close()
  await first.close()
  const second = await open()
  const kept = [
    ['a', entry('a', { revision: 2 })],
    ['c', entry('c')],
  ]
  expect(await second.read(), kept, 'read after it was opened again')
  expect(await second.write([put('a', 2)]), true, 'write after it was opened again')
  await second.close()
}

/**
 * What an outbox relies on in every store, as checks for any test runner. `create` makes an empty
 * place for each.
 */
export function storeConformance(
  create: () => StoreHarness | Promise<StoreHarness>,
  { isLasting = true }: ConformanceOptions = {},
): readonly StoreCheck[] {
  const checks = Object.entries(promises).map(([name, promise]) => ({
    name,
    async run() {
      const store = await (await create()).open()
      try {
        await promise(store)
      } finally {
        await store.close()
      }
    },
  }))
  const lasting: StoreCheck = {
    name: 'has what was stored when it is opened again',
    run: async () => isKept(await create()),
  }
  return isLasting ? [...checks, lasting] : checks
}
