import { describe, expect, it } from 'vitest'
import { coloursOf } from '../src/html/colours.ts'
import { escapeHtml, scriptJson } from '../src/html/escape-html.ts'
import { htmlReport } from '../src/html.ts'
import { contenders, runStorm, scenarios } from '../src/index.ts'
import { takeHome } from '../src/summary/take-home.ts'

const run = (seed = 1) =>
  runStorm(scenarios['incident-2022'], {
    clients: 30,
    seed,
    contenders: [contenders['fixed-1s'], contenders.evenkeel],
  })
const report = await run()

describe('htmlReport', () => {
  const html = htmlReport(report, { command: 'npx @evenkeel/storm-lab run <name>' })

  it('is the same, byte for byte, for the same seed, and another for another', async () => {
    expect(htmlReport(await run(), { command: 'npx @evenkeel/storm-lab run <name>' })).toBe(html)
    expect(htmlReport(await run(2))).not.toBe(html)
  })

  it('needs no network and no other file', () => {
    const own = html.replace(/<script>[\s\S]*?<\/script>/g, '')
    expect(own).not.toMatch(/(?:src|href)=|@import|url\(/)
    expect(html).toContain('uPlot')
  })

  it('begins with the sentence to take home', () => {
    expect(html.indexOf(`<p class="lead">${escapeHtml(takeHome([report]))}</p>`)).toBeGreaterThan(0)
  })

  it('has the seed, the parameters, the phases, the events and the command', () => {
    expect(html).toContain('<dt>Seed</dt><dd>1: ')
    expect(html).toContain('run &lt;name&gt;')
    expect(html).toContain('&quot;patienceMs&quot;: 120000')
    for (const name of ['limits raised', 'second wave', 'restored'])
      expect(html).toContain(`<th scope="row">${name}<small>`)
    expect(html).toContain('<b>0:10:33</b> The gateway throttles: 429')
  })

  it('carries the series of every contender', () => {
    const [, json = ''] = /const report = (.*)/.exec(html) ?? []
    const data = JSON.parse(json)
    expect(data.contenders.map(({ name }: { name: string }) => name)).toEqual([
      'fixed-1s',
      'evenkeel',
    ])
    expect(data.contenders[0].success).toEqual(report.contenders[0]?.series.successRatio)
    expect(data.contenders[1].attempts).toEqual(report.contenders[1]?.series.attemptsPerSecond)
  })

  it('shows the spread of several seeds, and the charts of the first', async () => {
    const several = htmlReport([report, await run(2)])
    expect(several).toContain('<dt>Seed</dt><dd>1, 2; the charts are of the first: ')
    expect(several).toMatch(/\d %? <span class="span">\(\d/)
    expect(several).not.toContain('Run it again')
  })

  it('says what is larger than the full size, and has no list when nothing is named', () => {
    const plain = { ...report, scale: 4.5, scenario: { ...report.scenario, events: [] } }
    expect(htmlReport(plain)).toContain('100 % of its full size, times 4.5')
    expect(htmlReport(plain)).not.toContain('What happens')
  })
})

describe('colours', () => {
  it('are evenkeel’s own for evenkeel, and the others’ in their order', () => {
    expect(coloursOf(['a', 'evenkeel', 'b', 'evenkeel-hint'])).toEqual([1, 0, 2, 3])
    expect(coloursOf(Array.from({ length: 9 }, (_, at) => `c${at}`))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 1, 2,
    ])
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
