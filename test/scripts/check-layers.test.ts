import { expect, test } from 'vitest'
import { checkLayers } from '../../scripts/layers/check-layers.mjs'
import { type Files, fakeTree } from './fake-tree.ts'

function manifest(name: string, dependencies: string[] = []): object {
  return {
    name: `@evenkeel/${name}`,
    description: 'Says what it is for.',
    exports: {
      '.': { '@evenkeel/source': './src/index.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '*'])),
  }
}

function fakePackage(name: string, dependencies: string[] = []): Files {
  return {
    [`packages/${name}/package.json`]: manifest(name, dependencies),
    [`packages/${name}/README.md`]: '# It',
    [`packages/${name}/etc/${name}.api.md`]: 'report',
    [`packages/${name}/src/index.ts`]: 'export const it = 1\n',
  }
}

/** The problems of a workspace that has none but for what `files` changes. */
function problemsWith(files: Files = {}): string[] {
  const names = ['core', 'retry', 'rate-limit', 'fetch']
  return checkLayers(
    fakeTree({
      ...fakePackage('core'),
      ...fakePackage('retry', ['@evenkeel/core', 'p-retry']),
      ...fakePackage('rate-limit', ['@evenkeel/core']),
      ...fakePackage('fetch', ['@evenkeel/core', '@evenkeel/retry']),
      'examples/shop/package.json': { name: '@evenkeel/shop' },
      'examples/shop/src/main.ts': "import '@evenkeel/fetch'\nimport 'p-retry'\n",
      '.size-limit.json': names.map((name) => ({ path: `packages/${name}/dist/index.js` })),
      'turbo.json': {
        tasks: { '//#size': { dependsOn: names.map((name) => `@evenkeel/${name}#build`) } },
      },
      ...files,
    }),
  )
}

test('a workspace that keeps the rules has no problem', () => {
  expect(
    problemsWith({
      'packages/fetch/src/index.ts': "import { it } from '@evenkeel/retry'\nexport { it }\n",
      'packages/fetch/src/own.ts': "export type { X } from './index.ts'\n",
      'packages/fetch/test/own.test.ts': "import { it } from '../src/own.ts'\nimport 'node:fs'\n",
      'packages/retry/src/index.ts': "import pRetry from 'p-retry'\nexport { pRetry }\n",
      'packages/core/src/clock.ts': 'export const now = () => Date.now() + performance.now()\n',
    }),
  ).toEqual([])
})

test.each([
  ['core imports a policy', 'core', "import { it } from '@evenkeel/retry'", /core may import no/],
  ['a policy imports a policy', 'retry', "export { it } from '@evenkeel/rate-limit'", /only core/],
  ['a policy imports a host', 'retry', "import type { X } from '@evenkeel/fetch'", /only core/],
  ['an import is dynamic', 'retry', "const x = import('@evenkeel/fetch')", /only core/],
  ['an import is a type', 'retry', "let x: import('@evenkeel/fetch').X", /only core/],
  ['a package imports an example', 'fetch', "import '@evenkeel/shop'", /only core, policies/],
  ['p-retry is used elsewhere', 'fetch', "import 'p-retry'", /which only packages\/retry may/],
  ['an import goes past exports', 'retry', "import '@evenkeel/core/src/x.ts'", /not among the exp/],
  ['an import leaves the package', 'retry', "import '../../core/src/x.ts'", /reaches out/],
  ['a universal package needs Node.js', 'core', "import 'node:fs'", /browsers and workers lack/],
  ['everything is re-exported', 'core', "export * from './x.ts'", /list the names/],
  ['a name space is re-exported', 'core', "export * as x from './x.ts'", /list the names/],
  ['a timer is not injected', 'core', 'setTimeout(() => {}, 1)', /setTimeout\(\) outside/],
  ['a global timer is not injected', 'core', 'globalThis.setTimeout(f)', /setTimeout\(\) outside/],
  ['time is not injected', 'fetch', 'const x = Date.now()', /Date\.now\(\) outside/],
  ['a date is not injected', 'fetch', 'const x = new Date()', /new Date\(\) outside/],
  ['chance is not injected', 'retry', 'const f = () => Math.random()', /Math\.random\(\) outside/],
  ['monotonic time is not injected', 'retry', 'performance.now()', /performance\.now\(\) outside/],
  ['a signal keeps its own time', 'retry', 'AbortSignal.timeout(1)', /AbortSignal\.timeout\(\)/],
])('says where %s', (_what, name, line, problem) => {
  expect(problemsWith({ [`packages/${name}/src/bad.ts`]: `\n${line}\n` })).toEqual([
    expect.stringMatching(new RegExp(`^packages/${name}/src/bad.ts:2: .*${problem.source}`)),
  ])
})

test('what a comment or a string says is no call and no import', () => {
  const text = "// setTimeout(f, 1), import '@evenkeel/fetch'\nconst x = 'Date.now()'\n"
  expect(problemsWith({ 'packages/core/src/said.ts': text })).toEqual([])
})

test('says which manifest declares an edge upward', () => {
  expect(
    problemsWith({ 'packages/retry/package.json': manifest('retry', ['@evenkeel/fetch']) }),
  ).toEqual([expect.stringMatching(/^packages\/retry\/package.json: depends on @evenkeel\/fetch/)])
})

test('core has no runtime dependency', () => {
  expect(problemsWith({ 'packages/core/package.json': manifest('core', ['tslib']) })).toEqual([
    'packages/core/package.json: core has no runtime dependency, got tslib',
  ])
})

test('a test, too, keeps to its layer', () => {
  expect(
    problemsWith({ 'packages/core/test/x.test.ts': "import '@evenkeel/fetch'\n" }),
  ).toHaveLength(1)
})

test('what is for Node.js alone may import it, and nothing else of its package', () => {
  const outbox = {
    ...fakePackage('outbox'),
    'packages/outbox/src/file/store.ts': "import 'node:fs'\n",
  }
  const budgets = ['core', 'retry', 'rate-limit', 'fetch', 'outbox'].map((name) => ({
    path: `packages/${name}/dist/index.js`,
  }))
  const rest = { ...outbox, '.size-limit.json': budgets, 'turbo.json': {} }
  expect(problemsWith(rest)).toEqual([])
  expect(problemsWith({ ...rest, 'packages/outbox/src/file.ts': "import 'node:fs'\n" })).toEqual([
    expect.stringMatching(/^packages\/outbox\/src\/file.ts:1: .*browsers and workers lack/),
  ])
})

test('isomorphic-ws stays in one file of its package', () => {
  const socket = {
    ...fakePackage('websocket', ['isomorphic-ws']),
    'packages/websocket/src/a.ts': "import 'isomorphic-ws'\n",
  }
  const budgets = ['core', 'retry', 'rate-limit', 'fetch', 'websocket'].map((name) => ({
    path: `packages/${name}/dist/index.js`,
  }))
  const rest = { ...socket, '.size-limit.json': budgets, 'turbo.json': {} }
  expect(problemsWith(rest)).toEqual([])
  expect(
    problemsWith({ ...rest, 'packages/websocket/src/b.ts': "import 'isomorphic-ws'\n" }),
  ).toEqual([expect.stringMatching(/^packages\/websocket: isomorphic-ws belongs in 1 file/)])
})

test('a file of 200 lines passes, one of 201 does not', () => {
  const path = 'packages/core/src/long.ts'
  expect(problemsWith({ [path]: 'export {}\n'.repeat(200) })).toEqual([])
  expect(problemsWith({ [path]: 'export {}\n'.repeat(201) })).toEqual([
    expect.stringContaining(`${path}: 201 lines`),
  ])
})

test.each([
  ['README', 'packages/core/README.md', null, 'packages/core: has no README.md'],
  ['API report', 'packages/core/etc/core.api.md', null, /has no etc\/core.api.md/],
  ['size budget', '.size-limit.json', [], /^packages\/core: has no size budget/],
  ['place in a layer', 'packages/other/package.json', { name: 'x' }, /other: has no layer/],
  [
    'description',
    'packages/core/package.json',
    { ...manifest('core'), description: '' },
    /description/,
  ],
  [
    'source condition',
    'packages/core/package.json',
    { ...manifest('core'), exports: { '.': { default: './dist/index.js' } } },
    /must begin with "@evenkeel\/source"/,
  ],
  [
    'place in the build order',
    'turbo.json',
    { tasks: { '//#size': { dependsOn: ['@evenkeel/retry#build'] } } },
    /^packages\/core: \/\/#size in turbo.json does not wait for @evenkeel\/core#build/,
  ],
])('a package has a %s', (_what, path, content, problem) => {
  expect(problemsWith({ [path]: content })).toEqual(
    expect.arrayContaining([expect.stringMatching(problem)]),
  )
})
