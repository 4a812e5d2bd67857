import { pageFiles } from '../page-files.ts'
import type { Report } from '../report/report.ts'
import { fleetsOf } from '../summary/fleets.ts'
import { clockTime } from '../summary/format.ts'
import { takeHome } from '../summary/take-home.ts'
import { chartData } from './chart-data.ts'
import { coloursOf } from './colours.ts'
import { escapeHtml, scriptJson } from './escape-html.ts'
import { facts } from './facts.ts'
import { metricsTable, phaseTable } from './tables.ts'

/** What a page says beyond its reports. */
export interface HtmlReportOptions {
  /** The command that makes the same page again. @defaultValue none is shown */
  readonly command?: string | undefined
}

/**
 * Writes reports of one scenario, a report for each seed, as one page that needs nothing else: no network, no
 * other file. The same reports make the same page, byte for byte.
 *
 * @throws `RangeError` if there is no report, or they are not of the same scenario and contenders
 */
export function htmlReport(
  reports: Report | readonly Report[],
  { command }: HtmlReportOptions = {},
): string {
  const all = [reports].flat() as readonly Report[]
  const fleets = fleetsOf(all)
  const [report] = all as readonly [Report]
  const { scenario } = report
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(scenario.name)}: what the fleets did</title>
<style>${pageFiles.uplot('uPlot.min.css')}${pageFiles.own('style.css')}</style>
</head>
<body>
<main>
<header>
<h1>${escapeHtml(scenario.name)}</h1>
<p class="lead">${escapeHtml(takeHome(all))}</p>
<p class="about">${escapeHtml(scenario.about)}</p>
</header>
<section aria-label="Charts">
${toggles(report)}
<div class="charts" id="charts"></div>
</section>
${timeline(report)}
<section><h2>Figures</h2>${metricsTable(fleets)}</section>
<section><h2>Phase by phase</h2><p class="note">Calls that succeed, and <span class="per">requests for each call</span>${all.length > 1 ? `, with seed ${report.seed}` : ''}.</p>${phaseTable(report)}</section>
<section><h2>How it was run</h2>${facts(all, command)}
<details><summary>The scenario with its defaults filled in</summary><pre tabindex="0">${escapeHtml(JSON.stringify(scenario.parameters, null, 2))}</pre></details></section>
</main>
<script>${pageFiles.uplot('uPlot.iife.min.js')}</script>
<script>const report = ${scriptJson(chartData(report))}
${pageFiles.own('charts.js')}</script>
</body>
</html>
`
}

/** The legend of all charts, whose entries hide and show a fleet. */
function toggles({ contenders }: Report): string {
  const colours = coloursOf(contenders.map(({ name }) => name))
  const buttons = contenders.map(
    ({ name, about }, at) =>
      `<li><button type="button" aria-pressed="true" data-fleet="${at}" style="--fleet:var(--c${colours[at]})" title="${escapeHtml(about)}">${escapeHtml(name)}</button></li>`,
  )
  return `<ul class="toggles" aria-label="Fleets to show">${buttons.join('')}</ul>`
}

function timeline({ scenario: { events } }: Report): string {
  if (events.length === 0) return ''
  const items = events.map(
    ({ atMs, label }) => `<li><b>${clockTime(atMs)}</b> ${escapeHtml(label)}</li>`,
  )
  return `<section><h2>What happens</h2><ol class="timeline">${items.join('')}</ol></section>`
}
