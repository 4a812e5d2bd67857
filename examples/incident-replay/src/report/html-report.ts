import { readFileSync } from 'node:fs'
import type { Picture } from '../live/pictures.ts'
import { agreementSection } from './agreement-section.ts'
import { escapeHtml, scriptJson } from './escape-html.ts'
import { pageBase } from './page-base.ts'
import { parameters } from './parameters.ts'
import { picturesSection } from './pictures-section.ts'
import type { Report } from './report.ts'
import { summaryRows } from './summary-rows.ts'
import { tooBusy } from './too-busy.ts'

const page = (name: string) => readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8')

/** Writes a run as one page that needs nothing else: no network, no other file. */
export function htmlReport(report: Report, pictures: readonly Picture[]): string {
  const { style, script } = pageBase()
  const { worlds, phases, stepMs, shape, takeHome } = report
  const data = {
    stepMs,
    phases: phases.map(({ name, startMs, endMs }) => ({ name, startMs, endMs })),
    queueDepth: shape.queueDepth,
    users: report.scenario.clients,
    worlds: worlds.map(({ name, title, series }) => ({ name, title, series })),
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The incident, replayed</title>
<style>${style}${page('style.css')}</style>
</head>
<body>
<main>
<header>
<h1>The incident, replayed</h1>
<p class="lead">${escapeHtml(takeHome)}</p>
${warning(report)}
<ul class="legend">${worlds.map(legend).join('')}</ul>
</header>
<section class="charts" id="charts"></section>
<section><h2>Figures</h2>${table(report)}</section>
${promise(report)}
${agreementSection(report)}
${picturesSection(pictures)}
<section><h2>How it was measured</h2>${facts(report)}</section>
</main>
<script>${script}</script>
<script>const report = ${scriptJson(data)}
${page('charts.js')}</script>
</body>
</html>
`
}

function warning({ load }: Report): string {
  return load.isTrustworthy ? '' : `<p class="fair">${escapeHtml(tooBusy(load))}</p>`
}

function legend({ name, title, description }: Report['worlds'][number]): string {
  return `<li class="${name}"><b>${escapeHtml(title)}</b> ${escapeHtml(description)}</li>`
}

function table({ worlds }: Report): string {
  const heads = worlds.map(
    ({ name, title }) => `<th scope="col" class="${name}">${escapeHtml(title)}</th>`,
  )
  const rows = summaryRows.map(({ label, cell, success }) => {
    const isPart = label.startsWith(' ')
    const cells = worlds.map(({ summary }) => {
      const ratio = success?.(summary)
      const kind = ratio === undefined ? '' : ratio > 0.99 ? 'good' : ratio > 0.8 ? 'fair' : 'bad'
      return `<td class="${kind}">${escapeHtml(cell(summary))}</td>`
    })
    return `<tr${isPart ? ' class="part"' : ''}><th scope="row">${escapeHtml(label.trim())}</th>${cells.join('')}</tr>`
  })
  return `<div class="scroll" tabindex="0"><table class="figures"><thead><tr><td></td>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function promise({ promise: checks }: Report): string {
  if (checks.length === 0) return ''
  const items = checks.map(
    ({ text, measured, kept }) =>
      `<li class="${kept ? 'good' : 'bad'}">${kept ? '✓' : '✗'} ${escapeHtml(text)}: <b>${escapeHtml(measured)}</b></li>`,
  )
  return `<section><h2>What evenkeel promises, and what this run measured</h2><ul class="promise">${items.join('')}</ul></section>`
}

function facts(report: Report): string {
  const items = parameters(report).map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  )
  return `<dl>${items.join('')}</dl>`
}
