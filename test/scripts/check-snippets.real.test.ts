import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkSnippets } from '../../scripts/snippets/check-snippets.mjs'
import { fakeTree } from './fake-tree.ts'

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))

/** The problems of a README with these fences: each its info line, then its code. */
async function problemsOf(...fences: string[]): Promise<string[]> {
  const root = fakeTree({
    'README.md': fences.map((fence) => `\`\`\`${fence}\n\`\`\`\n`).join(''),
    'package.json': {},
    'pnpm-workspace.yaml': '',
  })
  symlinkSync(modules, join(root, 'node_modules'))
  return (await checkSnippets(root)).problems
}

test('fences that compile, run and show what they say have no problem', async () => {
  expect(
    await problemsOf(
      "ts\nconst { status } = await fetch('https://api.example.com/a')\nconsole.log(status) // → 200",
      "ts\nconst statuses = []\nfor (const _ of [1, 2])\n  statuses.push((await fetch('https://flaky.example.com')).status)\nstatuses // → [ 503, 200 ]",
      "js\nawait fetch('https://offline.example.com') // → throws TypeError",
      "ts\nconst signal = AbortSignal.timeout(5)\nawait fetch('https://slow.example.com', { signal }) // → throws TimeoutError",
      'ts no-run it needs a page\nconst x: string = document.title\nfetch(x)',
      "ts\nsetTimeout(() => {\n  // → late\n  console.log('late')\n}, 1)",
      'json\n{ not code',
    ),
  ).toEqual([])
})

test('a fence that does not is reported at its line', async () => {
  const problems = await problemsOf(
    'ts\nconst a: number = 1\nconst b: string = a\nconsole.log(b)',
    'js\nconsole.log(1) // → 2',
    "js\n\nthrow new Error('broken')",
    "js\nawait fetch('https://evil.test').catch(() => {})",
    'ts no-run\nexport {}',
    'js\nif (false) 1 // → 1',
    'js\n// → never',
    'bash\nnpm test',
  )
  expect(problems).toHaveLength(8)
  for (const expected of [
    /^README.md:3: TS2322 /,
    /README.md:7: expected "2", got "1"/,
    /README.md:11[\s\S]*Error: broken/,
    /asked https:\/\/evil.test\/: a fence may ask example.com/,
    /^README.md:16: "no-run" should be nothing, or "no-run" and the reason/,
    /README.md:20: expected "1", got nothing: the line was not reached/,
    /^README.md:23: nothing printed "never"/,
    /^README.md:25: write ts, js or sh, not bash/,
  ])
    expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(expected)]))
})
