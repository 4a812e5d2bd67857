// Runs in the page, after uPlot and `const report`.
const seconds = (ms) => ms / 1000
const times = report.contenders[0].success.map((_, at) => seconds((at + 0.5) * report.windowMs))
const charts = []

const clock = (second) => {
  const minutes = Math.round(second / 60)
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}
const percent = (ratio) =>
  ratio == null
    ? '–'
    : `${(ratio * 100).toFixed(ratio < 0.1 || (ratio > 0.99 && ratio < 1) ? 1 : 0)} %`
const plain = (value) => {
  if (value == null) return '–'
  if (value >= 1000) return Math.round(value).toLocaleString('en-US')
  return value === 0 || value >= 10 ? value.toFixed(0) : value.toFixed(1)
}
const duration = (ms) => {
  if (ms == null) return '–'
  return ms < 1000 ? `${Math.round(ms)} ms` : `${plain(seconds(ms))} s`
}

const toTop = (_plot, _low, high) => [0, Math.max(1, high * 1.08)]
const definitions = [
  {
    title: 'Calls that succeed',
    note: 'of the calls that users began then',
    field: 'success',
    format: percent,
    range: () => [0, 1],
    isWide: true,
  },
  {
    title: 'Requests sent',
    note: 'a second; dashed: the calls that users make',
    field: 'attempts',
    format: plain,
    dashed: { label: 'calls of users', values: report.callsPerSecond },
  },
  {
    title: 'Answers that were waited for',
    note: 'a second; dashed: what the backend can serve at best',
    field: 'served',
    format: plain,
    dashed: { label: 'capacity', values: times.map(() => report.capacity) },
  },
  { title: "The backend's queue", note: 'requests that wait', field: 'queued', format: plain },
  {
    title: 'Work for nobody',
    note: "of the backend's work, what was for clients that had gone",
    field: 'wasted',
    format: percent,
    range: () => [0, 1],
  },
  {
    title: 'Latency',
    note: 'within which 99 of 100 successful calls were answered; logarithmic',
    field: 'p99',
    format: duration,
    isLogarithmic: true,
  },
  {
    title: 'Calls never sent',
    note: 'a second; held back by the client itself',
    field: 'unsent',
    format: plain,
  },
  {
    title: 'Sockets dialled',
    note: 'connects a second',
    field: 'dials',
    format: plain,
  },
  {
    title: 'Sockets connected',
    note: 'of the fleet',
    field: 'connected',
    format: percent,
    range: () => [0, 1],
  },
]

/** A colour of the style as it is now: light, dark or paper. */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`)

const phaseAt = (second) =>
  report.phases.findLast(({ fromMs, toMs }) => second >= seconds(fromMs) && second < seconds(toMs))

/** Shades the bad time and its phases, and names those there is room for. */
function drawPhases(plot, withNames) {
  const { ctx, bbox } = plot
  const ratio = uPlot.pxRatio
  const x = (ms) =>
    Math.max(bbox.left, Math.min(bbox.left + bbox.width, plot.valToPos(seconds(ms), 'x', true)))
  const band = ([fromMs, toMs], fill) => {
    ctx.fillStyle = fill
    ctx.fillRect(x(fromMs), bbox.top, x(toMs) - x(fromMs), bbox.height)
  }
  ctx.save()
  band(report.trigger, colour('shade'))
  band(report.peak, colour('shade'))
  ctx.font = `${11 * ratio}px system-ui, sans-serif`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'bottom'
  const ends = [-Infinity, -Infinity]
  for (const { name, fromMs, toMs } of report.phases) {
    ctx.fillStyle = colour('edge')
    for (const edge of [fromMs, toMs]) ctx.fillRect(x(edge), bbox.top, ratio, bbox.height)
    if (!withNames) continue
    const width = ctx.measureText(name).width
    const left = Math.max(
      bbox.left,
      Math.min((x(fromMs) + x(toMs) - width) / 2, bbox.left + bbox.width - width),
    )
    const row = ends.findIndex((end) => left > end + 6 * ratio)
    if (row < 0) continue
    ends[row] = left + width
    ctx.fillStyle = colour('quiet')
    ctx.fillText(name, left, bbox.top - (3 + 14 * row) * ratio)
  }
  ctx.restore()
}

/** Shows the values at the cursor beside it. */
function tooltip(figure, format) {
  const box = document.createElement('div')
  box.className = 'tip'
  box.hidden = true
  figure.append(box)
  return (plot) => {
    const { idx, left } = plot.cursor
    // The cursor moves in all charts, but only one is looked at.
    box.hidden = idx == null || left < 0 || !figure.matches(':hover')
    if (box.hidden) return
    const head = document.createElement('b')
    const second = plot.data[0][idx]
    head.textContent = [clock(second), phaseAt(second)?.name].filter(Boolean).join(' · ')
    const lines = plot.series.slice(1).flatMap(({ label, show }, at) => {
      if (!show) return []
      const line = document.createElement('span')
      const fleet = report.contenders[at]
      line.style.setProperty('--fleet', fleet ? `var(--c${fleet.colour})` : 'var(--quiet)')
      line.textContent = `${label} ${format(plot.data[at + 1][idx])}`
      return [line]
    })
    box.replaceChildren(head, ...lines)
    const over = plot.over.getBoundingClientRect()
    const frame = figure.getBoundingClientRect()
    const at = over.left - frame.left + left
    const isRight = at + 14 + box.offsetWidth > frame.width
    box.style.left = `${Math.max(4, isRight ? at - 14 - box.offsetWidth : at + 14)}px`
  }
}

function axis(values, size) {
  return {
    stroke: () => colour('quiet'),
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { show: false },
    values,
    size,
    font: '11px system-ui, sans-serif',
  }
}

const minute = 60
const increments = [1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480, 1440].map((count) => count * minute)

function draw({ title, note, field, format, range, dashed, isWide, isLogarithmic }) {
  const figure = document.createElement('figure')
  const caption = document.createElement('figcaption')
  const small = document.createElement('small')
  const plotBox = document.createElement('div')
  caption.textContent = title
  small.textContent = note
  caption.append(small)
  plotBox.setAttribute('role', 'img')
  plotBox.setAttribute('aria-label', `${title}, ${note}. The figures are in the tables below.`)
  figure.append(caption, plotBox)
  if (isWide) figure.className = 'wide'
  document.getElementById('charts').append(figure)

  const line = { width: 2, spanGaps: false, points: { show: false } }
  const series = report.contenders.map(({ name, colour: place }) => ({
    ...line,
    label: name,
    stroke: () => colour(`c${place}`),
  }))
  const data = report.contenders.map((fleet) => fleet[field])
  if (dashed) {
    series.push({
      ...line,
      label: dashed.label,
      stroke: () => colour('quiet'),
      width: 1.5,
      dash: [5, 4],
    })
    data.push(dashed.values)
  }
  const size = () => ({
    width: plotBox.clientWidth,
    height: isWide ? 300 : innerWidth < 640 ? 190 : 220,
  })
  const y = isLogarithmic ? { distr: 3 } : { range: range ?? toTop }
  const plot = new uPlot(
    {
      ...size(),
      padding: [isWide ? 30 : 8, 12, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: 'time' }, points: { size: 6 }, y: false, drag: { x: false } },
      scales: { x: { time: false, range: () => [0, seconds(report.durationMs)] }, y },
      axes: [
        { ...axis((_, ticks) => ticks.map(clock), 28), incrs: increments },
        axis((_, ticks) => ticks.map((tick) => (tick == null ? '' : format(tick))), 56),
      ],
      series: [{}, ...series],
      hooks: {
        drawClear: [(drawn) => drawPhases(drawn, isWide)],
        setCursor: [tooltip(figure, format)],
      },
    },
    [times, ...data],
    plotBox,
  )
  charts.push(plot)
  new ResizeObserver(() => {
    if (plotBox.clientWidth > 0) plot.setSize(size())
  }).observe(plotBox)
}

for (const definition of definitions)
  if (report.contenders.some((fleet) => fleet[definition.field]?.some(Boolean))) draw(definition)

for (const button of document.querySelectorAll('[data-fleet]'))
  button.addEventListener('click', () => {
    const show = button.getAttribute('aria-pressed') !== 'true'
    button.setAttribute('aria-pressed', show)
    for (const plot of charts) plot.setSeries(Number(button.dataset.fleet) + 1, { show })
  })

const redraw = () => {
  for (const plot of charts) plot.redraw(false, true)
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
// Paper is light, whatever the screen is.
addEventListener('beforeprint', () => {
  document.documentElement.classList.add('printing')
  redraw()
})
addEventListener('afterprint', () => {
  document.documentElement.classList.remove('printing')
  redraw()
})
