// Runs in the live page, after base.js. Shows what its server tells, or what was recorded.
const setup = JSON.parse(document.getElementById('setup').textContent)
const { worlds, phases, endMs, users, queueDepth, herdAtMs } = setup
const height = 108

const percent = (ratio) => {
  if (ratio == null) return '–'
  const shown = ratio * 100
  return ratio < 1 && shown > 99 ? `${Math.min(99.9, shown).toFixed(1)} %` : `${shown.toFixed(0)} %`
}
const plain = (value) =>
  value == null ? '–' : value === 0 || value >= 10 ? value.toFixed(0) : value.toFixed(1)
const whole = (value) => (value == null ? '–' : value.toFixed(0))
const clock = (ms) => {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

const formats = {
  success: percent,
  attemptsPerCall: (value) => (value == null ? '–' : value.toFixed(1)),
  requestsPerSecond: plain,
  queued: (value) => `${whole(value)} of ${queueDepth}`,
  wasted: percent,
  connected: (value) => `${whole(value)} of ${users}`,
  dialsPerSecond: plain,
}

const metrics = [
  { field: 'success', title: 'Calls that succeed', format: percent, max: 1 },
  {
    field: 'requestsPerSecond',
    title: 'Requests',
    beside: 'callsPerSecond',
    note: 'calls dashed',
    format: plain,
  },
  { field: 'queued', title: "The server's queue", format: whole, max: queueDepth },
  { field: 'connected', title: 'Sockets connected', format: whole, max: users },
  { field: 'dialsPerSecond', title: 'Dials a second', format: plain },
  { field: 'wasted', title: 'Wasted work', format: percent, max: 1 },
]

/** The same for all worlds, so that a tall line is a large number wherever it stands. */
const tops = Object.fromEntries(metrics.map(({ field, max }) => [field, max ?? 1]))

const times = []
const charts = []

function drawTimeline() {
  const x = (ms) => (ms / endMs) * 1000
  const y = (load) => 60 - (load / 10) * 52
  const points = phases.map(({ startMs, fromLoad }) => `${x(startMs)},${y(fromLoad)}`)
  points.push(`1000,${y(phases.at(-1).toLoad)}`)
  const area = `M0,60 L${points.join(' L')} L1000,60 Z`
  document.getElementById('timeline').innerHTML = `
    <defs><clipPath id="done"><rect id="progress" x="0" y="0" width="0" height="64"/></clipPath></defs>
    <path class="ahead" d="${area}"/><path class="passed" d="${area}" clip-path="url(#done)"/>
    <line class="herd" x1="${x(herdAtMs)}" x2="${x(herdAtMs)}" y1="4" y2="60"/>`
}

function shadeSpike(plot) {
  const { ctx, bbox } = plot
  const from = phases.find(({ name }) => name === 'ramp').startMs / 1000
  const to = phases.find(({ name }) => name === 'recovery').startMs / 1000
  const left = plot.valToPos(from, 'x', true)
  ctx.save()
  ctx.fillStyle = 'rgba(214, 120, 46, 0.1)'
  ctx.fillRect(left, bbox.top, plot.valToPos(to, 'x', true) - left, bbox.height)
  ctx.restore()
}

function axis(values, size, more) {
  return {
    stroke: inks.axis,
    grid: { stroke: inks.grid, width: 1 },
    ticks: { show: false },
    font: '11px system-ui',
    values,
    size,
    ...more,
  }
}

function addChart(world, metric) {
  const { field, title, note = '', beside, format } = metric
  const figure = document.createElement('figure')
  const caption = document.createElement('figcaption')
  caption.textContent = title
  if (note) caption.insertAdjacentHTML('beforeend', ` <small>${note}</small>`)
  const holder = document.createElement('div')
  holder.setAttribute('role', 'img')
  figure.append(caption, holder)
  document.getElementById(`charts-${world.name}`).append(figure)
  const stroke = inks.worlds[world.name]
  const series = [{}, { stroke, width: 2, fill: `${stroke}22`, points: { show: false } }]
  const data = [times, []]
  if (beside) {
    series.push({ stroke: inks.axis, width: 1.25, dash: [4, 4], points: { show: false } })
    data.push([])
  }
  const width = () => Math.max(120, figure.clientWidth)
  const plot = new uPlot(
    {
      width: width(),
      height,
      legend: { show: false },
      cursor: { show: false },
      padding: [6, 8, 0, 0],
      scales: {
        x: { time: false, range: [0, endMs / 1000] },
        y: { range: () => [0, tops[field]] },
      },
      axes: [
        axis((_, ticks) => ticks.map((seconds) => clock(seconds * 1000)), 22, {
          incrs: [240],
          space: 30,
        }),
        axis((_, ticks) => ticks.map(format), 44, { space: 34 }),
      ],
      series,
      hooks: { drawClear: [shadeSpike] },
    },
    data,
    holder,
  )
  new ResizeObserver(() => plot.setSize({ width: width(), height })).observe(figure)
  charts.push({ world, metric, plot, data, holder })
}

/** The next of 1, 2, 5, 10, 20 …, with some air. */
function roundTop(value) {
  const unit = 10 ** Math.floor(Math.log10(value))
  return (
    [1, 2, 3, 5, 7.5, 10].map((step) => step * unit).find((top) => top >= value * 1.05) ?? 10 * unit
  )
}

/** Takes frames in without drawing. */
function take(frame) {
  times.push(frame.atMs / 1000)
  for (const { metric, data, world } of charts) {
    const values = frame.worlds[worlds.indexOf(world)]
    data[1].push(values[metric.field])
    if (metric.beside) data[2].push(values[metric.beside])
    const most = Math.max(values[metric.field] ?? 0, values[metric.beside] ?? 0)
    if (metric.max === undefined && most > tops[metric.field]) tops[metric.field] = roundTop(most)
  }
}

function draw(frame) {
  for (const { metric, plot, data, holder, world } of charts) {
    plot.setData(data)
    const now = metric.format(data[1].at(-1))
    holder.setAttribute(
      'aria-label',
      `${metric.title}, ${world.title}: ${now} at ${clock(frame.atMs)}`,
    )
  }
  for (const cell of document.querySelectorAll('[data-figure]')) {
    const { world, figure } = cell.dataset
    const value = frame.worlds[worlds.findIndex(({ name }) => name === world)][figure]
    cell.textContent = formats[figure](value)
    if (figure === 'success') {
      cell.className = value == null ? '' : value > 0.99 ? 'good' : value > 0.8 ? 'fair' : 'bad'
    }
  }
  const phase = phases.find((each) => frame.atMs < each.endMs) ?? phases.at(-1)
  document.getElementById('clock').textContent = clock(frame.atMs)
  const status = document.getElementById('phase')
  if (status.textContent !== phase.title) status.textContent = phase.title
  document.getElementById('progress').setAttribute('width', String((frame.atMs / endMs) * 1000))
}

function end({ takeHome, outcomes, report }) {
  document.body.classList.add('over')
  document.getElementById('phase').textContent = 'it is over'
  document.getElementById('lead').textContent = takeHome
  for (const { name, isWell, text } of outcomes) {
    const outcome = document.getElementById(`outcome-${name}`)
    outcome.textContent = text
    outcome.classList.add(isWell ? 'good' : 'bad')
    outcome.hidden = false
  }
  if (!report) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([report.html], { type: 'text/html' }))
  link.target = '_blank'
  link.textContent = 'Open the report'
  const line = document.getElementById('report')
  line.replaceChildren(link, ` ${report.path}`)
  line.hidden = false
}

function show({ frames, ending }) {
  times.length = 0
  for (const { data } of charts) for (const values of data) values.length = 0
  for (const frame of frames) take(frame)
  if (frames.length > 0) draw(frames.at(-1))
  if (ending) end(ending)
}

drawTimeline()
for (const world of worlds) for (const metric of metrics) addChart(world, metric)

if (setup.recorded) show(setup.recorded)
else {
  const source = new EventSource('events')
  const on = (type, listener) =>
    source.addEventListener(type, ({ data }) => listener(JSON.parse(data)))
  on('history', (history) => {
    show(history)
    if (history.ending) source.close()
  })
  on('frame', ({ frame }) => {
    take(frame)
    draw(frame)
  })
  on('ending', ({ ending }) => {
    source.close()
    end(ending)
  })
}
