import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../src/cli/command-line.ts'
import { lists } from '../src/cli/lists.ts'
import { main } from '../src/cli/main.ts'
import { progressView } from '../src/cli/progress.ts'
import { terminalReport } from '../src/cli/terminal-report.ts'
import { contenders, runStorm, scenarios } from '../src/index.ts'
import { coarse } from '../src/summary/coarse.ts'
import { takeHome } from '../src/summary/take-home.ts'
import { recordingTerminal } from './recording-terminal.ts'

const silent = { out: () => {}, error: () => {} }
const read = (...argv: string[]) => readCommandLine(argv, silent)

describe('the command line', () => {
  it('takes the scenario by name or path, and numbers as people write them', () => {
    const argv = ['run', 'cascade', '--clients', '100_000', '--contender', 'evenkeel, p-retry,']
    expect(read(...argv, '--policy', 'a.ts', '--policy', 'b.ts', '--seeds', '8', '--json')).toEqual(
      {
        command: 'run',
        run: {
          scenario: 'cascade',
          clients: 100_000,
          contender: ['evenkeel', 'p-retry'],
          policy: ['a.ts', 'b.ts'],
          seed: 1,
          seeds: 8,
          json: true,
        },
      },
    )
    const file = read('run', '--scenario-file', 'mine', '--calls-per-client', '0.02', '--seed', '0')
    expect(file).toEqual({
      command: 'run',
      run: { scenario: './mine', callsPerClient: 0.02, seed: 0, seeds: 1 },
    })
    expect(read('list')).toEqual({ command: 'list' })
  })

  it.each([
    [['run'], 'it needs a scenario'],
    [['run', 'cascade', '--scenario-file', 'x.ts'], 'not both'],
    [['run', 'cascade', 'brown-out'], 'too many arguments'],
    [['run', 'cascade', '--clients', '1.5'], 'a whole number from 1 to 10000000, as in'],
    [['run', 'cascade', '--clients', '1e9'], 'a whole number from 1 to 10000000, as in'],
    [['run', 'cascade', '--calls-per-client', ''], 'It must be a number > 0'],
    [['run', 'cascade', '--seed', '-1'], 'It must be a whole number ≥ 0'],
    [['run', 'cascade', '--seeds', '0'], 'It must be a whole number ≥ 1'],
    [['run', 'cascade', '--workers', 'all'], 'It must be a whole number ≥ 1'],
    [['run', 'cascade', '--polcy', 'x'], 'Did you mean --policy?'],
    [['rum'], 'Did you mean run?'],
    [['run', 'outage60'], "storm-lab: there is no scenario 'outage60'; did you mean 'outage-60s'?"],
    [['run', 'cascade', '--contender', 'p-rety'], "there is no contender 'p-rety'; did you mean"],
    [['run', 'cascade', '--contender', ','], 'nobody to send through it'],
    [['run', './nowhere.ts'], 'there is no file'],
    [['run', 'cascade', '--expect', 'survived'], 'name one'],
    [['run', 'cascade', '--contender', 'evenkeel', '--expect', 'fine'], "'fine' is no expectation"],
    [
      ['run', 'cascade', '--contender', 'evenkeel', '--expect', 'second wave:p99Ms<1'],
      "cascade has no phase 'second wave'; there are before, spike, after",
    ],
    [['run', 'cascade', '--policy', './nowhere.ts'], 'there is no file'],
  ])('ends with 2 and says what is wrong with %j', async (argv, message) => {
    const terminal = recordingTerminal()
    expect(await main(argv, terminal)).toBe(2)
    expect(terminal.told()).toContain(message)
    expect(terminal.printed()).toBe('')
    expect(terminal.listeners).toBe(0)
  })

  it('explains itself, exit codes included', async () => {
    const terminal = recordingTerminal()
    expect(await main(['--help'], terminal)).toBe(0)
    expect(terminal.printed()).toContain('Usage: storm-lab')
    expect(terminal.printed()).toContain('Exits with 0')
  })

  it('lists what there is, as wide as the terminal', async () => {
    const terminal = recordingTerminal()
    expect(await main(['list'], terminal)).toBe(0)
    for (const name of [...Object.keys(scenarios), ...Object.keys(contenders)])
      expect(terminal.printed()).toContain(`  ${name} `)
    const lines = stripVTControlCharacters(lists(80)).split('\n')
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80)
    expect(lines.length).toBeGreaterThan(lists().split('\n').length)
  })
})

describe('the terminal report', () => {
  const run = (seed: number) =>
    runStorm(scenarios['outage-60s'], {
      clients: 100,
      seed,
      contenders: [contenders['fixed-1s'], contenders.evenkeel],
    })

  it('is a table that ends with the sentence to take home', async () => {
    const report = await run(1)
    const text = stripVTControlCharacters(terminalReport([report]))
    const [head, , names, rule, first] = text.split('\n') as [
      string,
      string,
      string,
      string,
      string,
    ]
    expect(head).toBe('outage-60s: 100 clients, 15 min of which 60 s are bad, seed 1')
    expect(names.trim().split(/\s+/)).toEqual(['fixed-1s', 'evenkeel'])
    expect(first).toMatch(/^recovered after .* \S/)
    expect(new Set([names.length, rule.length, first.length]).size).toBe(1)
    const sentence = text.slice(text.lastIndexOf('─') + 1).trim()
    // A hundred clients are few.
    expect(sentence.replaceAll('\n', ' ')).toBe(`${takeHome([report])}  ${coarse(report)}`)
  })

  it('says which seeds, and their spans', async () => {
    const text = stripVTControlCharacters(terminalReport([await run(1), await run(2)]))
    expect(text).toContain('seeds 1 to 2')
    expect(text).toMatch(/attempts per call, trigger +\d\.\d\d +\d\.\d\d \(\d\.\d\d – \d\.\d\d\)/)
  })
})

describe('progress', () => {
  const seeds = { runs: 2, seeds: 1 }

  it('is a line for each quarter of the way where there is no terminal', () => {
    const { stderr, told } = recordingTerminal()
    let nowMs = 0
    const view = progressView(stderr, seeds, { now: () => nowMs })
    view.update({ name: 'a', seed: 1, ratio: 0.2 })
    nowMs = 40_000
    view.update({ name: 'a', seed: 1, ratio: 0.5 })
    view.update({ name: 'a', seed: 1, ratio: 0.6 })
    nowMs = 90_000
    view.update({ name: 'a', seed: 1, ratio: 1 })
    view.update({ name: 'a', seed: 1, ratio: 1 })
    view.done()
    expect(told()).toBe('a: 50 %, 40 s\na: simulated, 1 of 2, 90 s\n')
  })

  it('is a bar for each that runs in a terminal, with what is left, and gone in the end', () => {
    const { stderr, told } = recordingTerminal({ isTTY: true })
    let nowMs = 0
    const view = progressView(stderr, { runs: 2, seeds: 2 }, { now: () => nowMs })
    view.update({ name: 'a', seed: 1, ratio: 0.01 })
    nowMs = 10
    view.update({ name: 'a', seed: 1, ratio: 0.02 })
    expect(told()).not.toContain('2 %')
    nowMs = 60_000
    view.update({ name: 'a', seed: 1, ratio: 0.5 })
    view.update({ name: 'b', seed: 2, ratio: 0.5 })
    const shown = stripVTControlCharacters(told())
    expect(shown).toMatch(/a \(seed 1\) ━{15}─{15} {2}50 %/)
    expect(shown).toContain('60 s, about 60 s to go')
    view.update({ name: 'a', seed: 1, ratio: 1 })
    view.done()
    expect(stripVTControlCharacters(told())).toMatch(/60 s, about 20 s to go\s*$/)
  })
})
