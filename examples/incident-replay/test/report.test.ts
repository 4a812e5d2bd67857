import { describe, expect, it } from 'vitest'
import { exitCode } from '../src/exit-code.ts'
import { createReport } from '../src/report/create-report.ts'
import { escapeHtml, scriptJson } from '../src/report/escape-html.ts'
import { htmlReport } from '../src/report/html-report.ts'
import { scenarios } from '../src/scenario/scenario.ts'
import { Timeline } from '../src/scenario/timeline.ts'
import { pRetry } from '../src/worlds/p-retry.ts'
import { calls, fleetSample, serverSample, worldResult } from './world.ts'

const timeline = new Timeline(scenarios.full.phases)
const { endMs } = timeline
const afterMs = timeline.phase('recovery').startMs
const records = calls(0, endMs, 500)
const samples = {
  serverSamples: [serverSample(0), serverSample(afterMs, { usefulMs: 1 })],
  fleetSamples: [fleetSample(0), fleetSample(endMs - 1)],
}
const ours = worldResult({ records, ...samples })
const theirs = worldResult({
  world: pRetry,
  records: records.map((call) => ({ ...call, ok: false, attempts: 6 })),
  ...samples,
})

const facts = {
  scenario: scenarios.full,
  seed: 7,
  simulations: [],
  command: 'start --seed 7 <script>',
  date: new Date('2022-01-25T16:47:12Z'),
  wallMs: 90_000,
}

describe('createReport', () => {
  const report = createReport([theirs, ours], facts)

  it('says who recovered and who did not', () => {
    expect(report.takeHome).toBe(
      'The same server, the same users, the same spike: p-retry still down 240 s later (0 % of calls succeed, 6.0 attempts each); evenkeel back above 99 % after 0 ms.',
    )
  })

  it('leaves what was not counted out of its phases and series', () => {
    const lastMs = report.phases.at(-1)?.endMs as number
    expect(report.phases.map(({ name }) => name)).not.toContain('tail')
    expect(report.worlds[0]?.series.calls).toHaveLength(lastMs / report.stepMs)
  })

  it('judges no short run, and none without evenkeel', () => {
    expect(createReport([ours], { ...facts, scenario: scenarios.quick }).promise).toEqual([])
    expect(createReport([theirs], facts).promise).toEqual([])
  })
})

describe('exitCode', () => {
  const failing = worldResult({
    records: records.map((call) => ({ ...call, ok: false })),
    ...samples,
  })

  it('is 0 when evenkeel kept its promise, whatever became of the others', () => {
    expect(exitCode(createReport([theirs, ours], facts))).toBe(0)
  })

  it('is 1 when evenkeel did not', () => {
    expect(exitCode(createReport([theirs, failing], facts))).toBe(1)
  })

  it('is 0 when the machine was too busy to tell', () => {
    const late = [fleetSample(0, {}, { health: { cpuRatio: 1, lagMs: 9_999 } })]
    expect(exitCode(createReport([{ ...failing, fleetSamples: late }], facts))).toBe(0)
  })
})

describe('htmlReport', () => {
  const html = htmlReport(createReport([theirs, ours], facts), [])

  it('needs no network and no other file', () => {
    const own = html.replace(/<script>[\s\S]*?<\/script>/g, '')
    expect(own).not.toMatch(/(?:src|href)=|@import|url\(/)
    expect(html).toContain('uPlot')
  })

  it('shows the figures and how to repeat them', () => {
    expect(html).toContain('still down')
    expect(html).toContain('start --seed 7 &lt;script&gt;')
    expect(html).toContain('2022-01-25 16:47 UTC')
    expect(html).toContain('rates ÷ 20, times ÷ 7')
    expect(html).toContain(
      'all dropped at 02:00; the Gateway can do 3.1 handshakes a second, and lets 25 wait',
    )
  })

  it('warns when the machine was too busy', () => {
    const late = [fleetSample(0, {}, { health: { cpuRatio: 1, lagMs: 9_999 } })]
    const busy = createReport([{ ...ours, fleetSamples: late }], facts)
    expect(htmlReport(busy, [])).toContain(
      'too busy to trust the figures: event loops came 9999 ms late',
    )
    expect(html).not.toContain('too busy')
  })

  it('carries the series of every world', () => {
    const [, json = ''] = /const report = (.*)/.exec(html) ?? []
    const data = JSON.parse(json)
    expect(data.worlds.map(({ name }: { name: string }) => name)).toEqual(['p-retry', 'evenkeel'])
    expect(data.worlds[1].series.success.every((ratio: number) => ratio === 1)).toBe(true)
  })
})

describe('escaping', () => {
  it('keeps text out of the markup', () => {
    expect(escapeHtml(`<a b="c">&'`)).toBe('&lt;a b=&quot;c&quot;&gt;&amp;&#39;')
  })

  it('keeps data within its script element, unchanged', () => {
    const json = scriptJson({ text: '</script>' })
    expect(json).not.toContain('<')
    expect(JSON.parse(json)).toEqual({ text: '</script>' })
  })
})
