import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { main } from '../src/cli/main.ts'
import { htmlReport } from '../src/html.ts'
import { contenders, runStorm, scenarios } from '../src/index.ts'
import { recordingTerminal } from './recording-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-storm-'))
afterAll(() => rmSync(folder, { recursive: true }))
const moduleFile = (name: string) => fileURLToPath(new URL(`./modules/${name}`, import.meta.url))

async function storm(...argv: string[]) {
  const terminal = recordingTerminal()
  const code = await main(['run', ...argv], terminal)
  return { code, printed: terminal.printed(), told: terminal.told() }
}

describe('storm-lab run', () => {
  it('prints as JSON what one process simulates, however many threads it takes', async () => {
    const argv = ['outage-60s', '--clients', '60', '--seed', '3', '--json', '--workers']
    const report = await runStorm(scenarios['outage-60s'], {
      clients: 60,
      seed: 3,
      contenders: [contenders['fixed-1s'], contenders.prescription, contenders.evenkeel],
    })
    for (const workers of ['1', '3']) {
      const { code, printed } = await storm(...argv, workers)
      expect(code).toBe(0)
      expect(printed).toBe(`${JSON.stringify(report)}\n`)
    }
  })

  it('takes scenario and fleets from modules, tells how far it is, and writes the page', async () => {
    const file = join(folder, 'deep', 'page.html')
    const own = [moduleFile('fleets.ts'), moduleFile('policies/rules.ts')]
    const { code, printed, told } = await storm(
      ...['--scenario-file', moduleFile('lunch.ts'), '--clients', '50', '--contender', 'evenkeel'],
      ...own.flatMap((path) => ['--policy', path]),
      ...['--report', file],
    )
    expect(code).toBe(0)
    expect(printed).toContain('lunch: 50 clients')
    expect(printed).toMatch(/evenkeel +first +second +rules\n/)
    expect(printed).toContain(`Charts: ${file}`)
    for (const name of ['evenkeel', 'first', 'second', 'rules'])
      expect(told).toContain(`${name}: simulated, `)
    expect(told).toContain('4 of 4')
    expect(readFileSync(file, 'utf8')).toContain('--contender evenkeel --policy ')
  })

  it('runs several seeds, and writes the same page for the same ones', async () => {
    const argv = [
      'outage-60s',
      '--clients',
      '40',
      '--contender',
      'evenkeel',
      '--seeds',
      '2',
      '--json',
    ]
    const [first, second] = [join(folder, 'first.html'), join(folder, 'second.html')]
    const { printed, told } = await storm(...argv, '--report', first)
    await storm(...argv, '--report', second)
    const reports = JSON.parse(printed)
    expect(reports.map(({ seed }: { seed: number }) => seed)).toEqual([1, 2])
    expect(told).toContain(`Charts: ${first}`)
    const html = readFileSync(first, 'utf8')
    expect(readFileSync(second, 'utf8')).toBe(html)
    const command =
      'npx @evenkeel/storm-lab run outage-60s --clients 40 --contender evenkeel --seed 1 --seeds 2 --report report.html'
    expect(html).toBe(htmlReport(reports, { command }))
  })

  it('ends with 1 when something was expected that does not hold', async () => {
    const argv = ['outage-60s', '--clients', '40', '--contender', 'no-retries,fixed-1s']
    const kept = await storm(...argv, '--expect', 'survived', '--expect', 'after:successRatio>0.9')
    expect(kept.code).toBe(0)
    expect(kept.printed).toMatch(/✓ a recovery\n✓ success after the trigger above 90 %\n$/)
    const own = ['--policy', moduleFile('policies/rules.ts'), '--expect', 'attemptsPerCall<1']
    const missed = await storm(...argv, ...own, '--json')
    expect(missed.code).toBe(1)
    expect(missed.told).toMatch(
      /✗ attempts per call in the spike below 1\.00: rules \d\.\d\d \(seed 1\)\n$/,
    )
    expect(missed.told).not.toContain('✗ fixed-1s')
  })

  it('ends when it is interrupted', async () => {
    const terminal = recordingTerminal()
    const running = main(['run', 'incident-2022', '--clients', '500000'], terminal)
    terminal.interrupt()
    expect(await running).toBe(130)
    expect(terminal.printed()).toBe('')
  })
})
