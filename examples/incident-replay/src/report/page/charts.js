// Runs in the page, after base.js and `const report`.
const shades = {
  ramp: 'rgba(214, 158, 46, 0.08)',
  peak: 'rgba(214, 90, 46, 0.12)',
  fall: 'rgba(214, 158, 46, 0.08)',
}
const height = () => (innerWidth < 640 ? 190 : 230)

const percent = (ratio) => (ratio == null ? '–' : `${(ratio * 100).toFixed(0)} %`)
const plain = (value) =>
  value == null ? '–' : value === 0 || value >= 10 ? value.toFixed(0) : value.toFixed(1)
const minutes = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`

const first = report.worlds[0]
const times = first.series.calls.map((_, step) => ((step + 0.5) * report.stepMs) / 1000)

const charts = [
  {
    title: 'Calls that succeed',
    note: 'share of the calls begun then that succeeded in the end',
    field: 'success',
    format: percent,
    range: [0, 1],
  },
  {
    title: 'Requests sent',
    note: 'attempts a second; dashed: the calls that users make',
    field: 'attempts',
    format: plain,
    calls: true,
  },
  {
    title: "The server's queue",
    note: `requests that wait, of ${report.queueDepth} at most`,
    field: 'queued',
    format: plain,
    range: [0, report.queueDepth * 1.05],
  },
  {
    title: 'Wasted work',
    note: "share of the database's time spent for clients that had gone",
    field: 'wasted',
    format: percent,
    range: [0, 1],
  },
  {
    title: 'Sockets connected',
    note: `of ${report.users}; in the spike the Gateway drops them all`,
    field: 'connected',
    format: plain,
    range: [0, report.users * 1.05],
  },
  {
    title: 'Dials',
    note: 'connections tried a second',
    field: 'dials',
    format: plain,
  },
]

function shadePhases(plot) {
  const { ctx, bbox } = plot
  ctx.save()
  for (const { name, startMs, endMs } of report.phases) {
    if (!shades[name]) continue
    const left = plot.valToPos(startMs / 1000, 'x', true)
    ctx.fillStyle = shades[name]
    const right = plot.valToPos(endMs / 1000, 'x', true)
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
    if (name !== 'peak') continue
    ctx.fillStyle = inks.axis
    ctx.font = `${11 * devicePixelRatio}px system-ui`
    ctx.textAlign = 'center'
    ctx.textBaseline = 'bottom'
    ctx.fillText('spike', (left + right) / 2, bbox.top)
  }
  ctx.restore()
}

function axis(values, size) {
  return {
    stroke: inks.axis,
    grid: { stroke: inks.grid, width: 1 },
    ticks: { show: false },
    values,
    size,
    font: '11px system-ui',
  }
}

for (const { title, note, field, format, range, calls } of charts) {
  const figure = document.createElement('figure')
  const caption = document.createElement('figcaption')
  const small = document.createElement('small')
  caption.textContent = title
  small.textContent = note
  caption.append(small)
  figure.append(caption)
  document.getElementById('charts').append(figure)

  const value = (_, shown) => format(shown)
  const series = report.worlds.map(({ name, title }) => ({
    label: title,
    stroke: inks.worlds[name],
    width: 2,
    spanGaps: false,
    points: { show: false },
    value,
  }))
  const data = [times, ...report.worlds.map((world) => world.series[field])]
  if (calls) {
    series.push({
      label: 'calls',
      stroke: inks.axis,
      width: 1.5,
      dash: [5, 4],
      points: { show: false },
      value,
    })
    data.push(first.series.calls)
  }
  const width = () => figure.clientWidth - 24
  const plot = new uPlot(
    {
      width: width(),
      height: height(),
      cursor: { sync: { key: 'time' }, points: { size: 6 } },
      scales: {
        x: { time: false, range: [0, report.phases.at(-1).endMs / 1000] },
        y: { range: range ?? ((_plot, _low, high) => [0, Math.max(1, high * 1.08)]) },
      },
      axes: [
        { ...axis((_, ticks) => ticks.map(minutes), 28), incrs: [30, 60, 120, 180, 300] },
        axis((_, ticks) => ticks.map(format), 48),
      ],
      series: [
        { label: 'time', value: (_, seconds) => (seconds == null ? '–' : minutes(seconds)) },
        ...series,
      ],
      hooks: { drawClear: [shadePhases] },
    },
    data,
    figure,
  )
  new ResizeObserver(() => plot.setSize({ width: width(), height: height() })).observe(figure)
}
