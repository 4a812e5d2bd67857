import { readFileSync } from 'node:fs'
import { escapeHtml, scriptJson } from '../report/escape-html.ts'
import { pageBase } from '../report/page-base.ts'
import type { PhaseName } from '../scenario/phase.ts'
import { phaseTitles } from '../scenario/phase-titles.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { shapeOf } from '../scenario/shape.ts'
import { Timeline } from '../scenario/timeline.ts'
import type { World } from '../worlds/world.ts'
import type { Recorded } from './recording.ts'

const page = (name: string) => readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8')

/** The figures of a world, by the names the page's script knows. */
const figures = [
  ['attemptsPerCall', 'attempts per call'],
  ['requestsPerSecond', 'requests a second'],
  ['queued', 'in the queue'],
  ['wasted', 'of the work wasted'],
  ['connected', 'sockets connected'],
  ['dialsPerSecond', 'dials a second'],
] as const

/** Writes the page that shows a run: as it goes on, told by its server, or as it was recorded. */
export function livePage(
  scenario: Scenario,
  worlds: readonly Pick<World, 'name' | 'title' | 'description'>[],
  recorded?: Recorded,
): string {
  const { phases, scale, clients, herdAtMs } = scenario
  const timeline = new Timeline(phases)
  const { style, script } = pageBase()
  const setup = {
    worlds: worlds.map(({ name, title }) => ({ name, title })),
    phases: timeline.phases.map(({ name, startMs, endMs, fromLoad, toLoad }) => ({
      name,
      title: phaseTitles[name],
      startMs,
      endMs,
      fromLoad,
      toLoad,
    })),
    endMs: timeline.endMs,
    queueDepth: shapeOf(scale).queueDepth,
    users: clients,
    herdAtMs,
    recorded,
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>The incident, live</title>
<style>${style}${page('live.css')}</style>
</head>
<body>
<header class="top">
<div class="bar">
<h1>The incident, live</h1>
<p class="now" id="now"><b id="clock">0:00</b> <span id="phase" role="status">waiting for the start</span></p>
</div>
<svg id="timeline" class="timeline" role="img" aria-label="The load over time: one to ten times a normal day and back" viewBox="0 0 1000 64" preserveAspectRatio="none"></svg>
<p class="marks" aria-hidden="true">${marks(scenario)}</p>
<ol class="scores" aria-hidden="true">${worlds.map(score).join('')}</ol>
</header>
<main>
<p class="lead" id="lead">${clients} users meet one overloaded API, once with each kind of client. Times are the incident's: it runs ${scale.time} times faster, at a ${scale.rate}th of its rates.</p>
<p class="report" id="report" hidden></p>
<div class="worlds">${worlds.map(column).join('')}</div>
</main>
<script>${script}</script>
<script type="application/json" id="setup">${scriptJson(setup)}</script>
<script>${page('live.js')}</script>
</body>
</html>
`
}

/** What stands below the load: how much it is, and when the gateway drops its sockets. */
function marks({ phases, herdAtMs }: Scenario): string {
  const timeline = new Timeline(phases)
  const starts = (name: PhaseName) => timeline.phase(name).startMs
  const texts = [
    [0, '1×', ''],
    [starts('peak'), '10×', ''],
    [herdAtMs, 'all sockets dropped', 'wide'],
    [starts('recovery'), '1× again', ''],
  ] as const
  const place = (atMs: number) => ((100 * atMs) / timeline.endMs).toFixed(2)
  return texts
    .map(
      ([atMs, text, kind]) => `<span class="${kind}" style="left:${place(atMs)}%">${text}</span>`,
    )
    .join('')
}

function score({ name, title }: Pick<World, 'name' | 'title'>): string {
  return `<li class="${name}">${escapeHtml(title)} <b data-world="${name}" data-figure="success">–</b></li>`
}

function column({
  name,
  title,
  description,
}: Pick<World, 'name' | 'title' | 'description'>): string {
  const cells = figures.map(
    ([figure, label]) =>
      `<div><dt>${label}</dt><dd data-world="${name}" data-figure="${figure}">–</dd></div>`,
  )
  return `<section class="world ${name}" aria-labelledby="world-${name}">
<h2 id="world-${name}">${escapeHtml(title)}</h2>
<p class="about">${escapeHtml(description)}</p>
<p class="success"><b data-world="${name}" data-figure="success">–</b> of calls succeed</p>
<p class="outcome" id="outcome-${name}" hidden></p>
<dl>${cells.join('')}</dl>
<div class="charts" id="charts-${name}"></div>
</section>`
}
