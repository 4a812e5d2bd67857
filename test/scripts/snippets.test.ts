import { expect, test } from 'vitest'
import { commandChecker } from '../../scripts/snippets/check-commands.mjs'
import { instrument } from '../../scripts/snippets/expectations.mjs'
import { extractFences } from '../../scripts/snippets/extract-fences.mjs'
import { isShown, waysToThrow, waysToWrite } from '../../scripts/snippets/shown.mjs'
import { fakeTree } from './fake-tree.ts'

test('a fence is found with its language, its note and its line', () => {
  const markdown = '# It\n\n```ts no-run needs a browser\nconst a = 1\n\nlog(a)\n```\n'
  expect(extractFences('a.md', markdown)).toEqual([
    {
      file: 'a.md',
      line: 4,
      language: 'ts',
      note: 'no-run needs a browser',
      code: 'const a = 1\n\nlog(a)',
    },
  ])
})

test('a fence loses the indent of its list, and a longer one may hold it', () => {
  const markdown = '- so:\n\n  ```js\n  if (a)\n    b()\n  ```\n\n````md\n```ts\n```\n````\n'
  expect(extractFences('a.md', markdown).map(({ language, code }) => [language, code])).toEqual([
    ['js', 'if (a)\n  b()'],
    ['md', '```ts\n```'],
  ])
})

test('a fence that is never closed is an error with its line', () => {
  expect(() => extractFences('a.md', 'x\n```ts\n')).toThrow('a.md:2:')
})

test.each([
  ['console.log(a, b) // → 1 2', '__shown.log(0)(a, b) // → 1 2'],
  ['await a() // → 1', '__shown.value(0, (await a())) // → 1'],
  ['const a = b // → 1', 'const a = b; __shown.value(0, a) // → 1'],
  ['await a() // → throws X', 'await __shown.throws(0, async () => (await a())) // → throws X'],
  ['a({\n  b,\n}) // → 1', '__shown.value(0, (a({\n  b,\n}))) // → 1'],
])('%s becomes a check on the same line', (code, checked) => {
  expect(instrument(code, 'a.ts').code).toBe(checked)
})

test('a comment that belongs to no statement is looked for in the output', () => {
  const { code, expectations } = instrument('f(\n  // → late\n)\n', 'a.ts')
  expect(code).toBe('f(\n  // → late\n)\n')
  expect(expectations).toEqual([{ line: 2, text: 'late', printed: true }])
})

test.each([
  ['200', 200, true],
  ['200', 2, false],
  ['2', 200, false],
  ['ok', 'ok', true],
  ["'ok'", 'ok', true],
  ['{ a: 1 }', { a: 1 }, true],
  ['{"a":1}', { a: 1 }, true],
  ['{ a: 1 }', { a: 2 }, false],
  ['retrying in … ms', 'retrying in 184 ms', true],
  ['retrying in … ms', 'giving up', false],
  ['200 (after one retry)', 200, true],
  ['200 (after one retry)', 503, false],
  ['a+b', 'aab', false],
])('"%s" against %j: %s', (text, value, shown) => {
  expect(isShown(text, waysToWrite(value))).toBe(shown)
})

test('an error is shown by its name, its code or its message', () => {
  const error = Object.assign(new RangeError('too late'), { code: 'DEADLINE_EXCEEDED' })
  const ways = waysToThrow(error)
  expect(isShown('throws RangeError', ways)).toBe(true)
  expect(isShown('throws DEADLINE_EXCEEDED', ways)).toBe(true)
  expect(isShown('throws RangeError: too late', ways)).toBe(true)
  expect(isShown('throws TypeError', ways)).toBe(false)
})

function problemsOf(command: string): string[] {
  const root = fakeTree({
    'package.json': { scripts: { test: 'x', demo: 'x' } },
    'pnpm-workspace.yaml': 'catalog:\n  undici: ^7.0.0\n',
    'node_modules/.bin/vitest': '',
    'packages/core/package.json': { name: '@evenkeel/core', scripts: { build: 'x' } },
    'packages/core/src/main.ts': '',
  })
  const fence = {
    file: 'packages/core/README.md',
    line: 3,
    language: 'sh',
    note: '',
    code: command,
  }
  return commandChecker(root)(fence)
}

test.each([
  'npm test',
  'npm run demo -- --users 10',
  'npm i @evenkeel/core undici@7',
  'npx vitest run',
  'pnpm install && pnpm build',
  'pnpm --filter @evenkeel/core build',
  'PORT=1 node src/main.ts # starts it',
  'git clone https://example.com/x && cd x',
])('accepts %s', (command) => {
  expect(problemsOf(command)).toEqual([])
})

test.each([
  ['npm run nothing', 'no script nothing'],
  ['npm i @evenkeel/nothing', 'no package @evenkeel/nothing here'],
  ['npx nothing', 'no nothing'],
  ['pnpm nothing', 'no script nothing'],
  ['pnpm --filter @evenkeel/nothing build', 'no package @evenkeel/nothing'],
  ['node nothing.js', 'no file nothing.js'],
])('rejects %s', (command, problem) => {
  expect(problemsOf(`# first\n${command}`)).toEqual([
    `packages/core/README.md:4: \`${command}\`: ${problem}`,
  ])
})
