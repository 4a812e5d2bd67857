import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import type { SerializedError, TestModule, TestRunEndReason } from 'vitest/node'
import Summary from '../summary.ts'
import { fakeTree } from './fake-tree.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** A module with tests in these states, and so many errors of its own and of its suites. */
function module(states: string[], errors = 0, suiteErrors = 0): TestModule {
  return {
    state: () => (errors > 0 ? 'failed' : 'passed'),
    errors: () => Array(errors).fill(new Error('broken')),
    children: {
      allTests: () => states.map((state) => ({ result: () => ({ state }) })),
      allSuites: () => [{ errors: () => Array(suiteErrors).fill(new Error('broken')) }],
    },
  } as unknown as TestModule
}

function lineOf(
  modules: TestModule[],
  unhandled: SerializedError[] = [],
  reason: TestRunEndReason = 'passed',
): string {
  vi.stubEnv('EVENKEEL_COUNTS', '')
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  new Summary().onTestRunEnd(modules, unhandled, reason)
  return log.mock.calls.join('').trim()
}

test('the line counts tests by their outcome', () => {
  expect(lineOf([module(['passed', 'passed', 'skipped']), module(['failed'])])).toBe(
    '2 passed, 1 failed, 1 skipped',
  )
})

test('an error that nobody handled counts as failed', () => {
  expect(lineOf([module(['passed'])], [{ message: 'broken' }])).toBe(
    '1 passed, 1 failed, 0 skipped',
  )
})

test('a file that does not load counts as failed', () => {
  expect(lineOf([module(['passed']), module([], 1)])).toBe('1 passed, 1 failed, 0 skipped')
})

test('a hook that throws counts as failed', () => {
  expect(lineOf([module(['passed'], 0, 1)])).toBe('1 passed, 1 failed, 0 skipped')
})

test('a test that never ended counts as failed', () => {
  expect(lineOf([module(['passed', 'pending'])], [], 'interrupted')).toBe(
    '1 passed, 1 failed, 0 skipped',
  )
})

test('a caller that adds counts of its own gets a file instead of the line', () => {
  const file = join(fakeTree({}), 'counts.json')
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  vi.stubEnv('EVENKEEL_COUNTS', file)
  new Summary().onTestRunEnd([module(['passed', 'failed'])], [], 'failed')
  expect(existsSync(file) && JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    passed: 1,
    failed: 1,
    skipped: 0,
  })
  expect(log).not.toHaveBeenCalled()
})
