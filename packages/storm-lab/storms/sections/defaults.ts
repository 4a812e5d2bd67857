import { rowOf, type Section, shown } from '../section.ts'
import { number, percent, range, recoveries } from '../words.ts'

const show = [
  shown.spikeAttempts,
  shown.waste,
  shown.spikeSuccess,
  shown.endSuccess,
  shown.recovery,
]

export const together: Section = {
  title: 'One after another',
  head: [
    'clients',
    'attempts a call',
    'work for nobody',
    'succeed in the spike',
    'an hour later',
    'well again after',
  ],
  rows: [
    rowOf('3 retries, 1–60 s, full jitter, 30 s each', { fleet: 'prescription' }, show),
    rowOf('60 s each', { fleet: 'with-60s' }, show),
    rowOf('and a budget by cost', { fleet: 'with-budget' }, show),
    rowOf('and cooldowns, and writes only if safe', { fleet: 'with-cooldown' }, show),
    rowOf('and a breaker: evenkeel', { fleet: 'evenkeel' }, show),
    rowOf('and the server’s hint', { fleet: 'evenkeel-hint' }, show),
  ],
  async write(lab) {
    const [prescribed, patient, own] = await Promise.all(
      ['prescription', 'with-60s', 'evenkeel'].map((fleet) => lab.run({ fleet })),
    )
    return [
      `What each part of evenkeel adds, from the prescription on:`,
      `The timeout does most: from ${percent(prescribed?.metrics.wastedRatio ?? null)} of the work for nobody to ${percent(patient?.metrics.wastedRatio ?? null)}. The budget takes the attempts from ${number(patient?.metrics.attemptsPerCall.spike ?? null)} a call to what the server can bear, and is what holds when a server is slower than any
timeout. The breaker makes it ${number(own?.metrics.attemptsPerCall.spike ?? null)}, at the price of some seconds of recovery. None of them makes more calls succeed in the spike than the crowded server can serve; only the hint does.`,
    ]
  },
}

export const defaults: Section = {
  title: 'evenkeel’s defaults and the runs that chose them',
  head: [
    'calls a second of a client',
    'attempts a call in the spike',
    'after',
    'well again after',
    'a fifth fails',
  ],
  rows: [1, 0.1, 0.02, 0.004].map((rate) => ({
    name: String(rate),
    async cells(lab) {
      const storms = await lab.seeds({ fleet: 'evenkeel', rate }, 8)
      const outages = await lab.seeds(
        { fleet: 'evenkeel', rate, day: 'partial-outage', scale: 0.02 },
        8,
      )
      const of = (values: (number | null)[]) => values.map((value) => value ?? Number.NaN)
      return [
        range(of(storms.map(({ metrics }) => metrics.attemptsPerCall.spike)), number),
        range(of(storms.map(({ metrics }) => metrics.attemptsPerCall.after)), number),
        recoveries(storms),
        range(of(outages.map(({ metrics }) => metrics.successRatio.spike)), percent),
      ]
    },
  })),
  async write() {
    return [
      `The same constants for every client, eight seeds at each rate:`,
      `| default                                         | chosen by                                                   |
| ----------------------------------------------- | ----------------------------------------------------------- |
| an attempt may take 60 s, a call 120 s          | [Timeouts](#timeouts)                                       |
| 3 retries, 1–60 s, full jitter                  | [Retries](#retries-backoff-and-jitter): harmless, once paid |
| budget: 1 token, 0.1 a success, 0.25 a refusal  | [Retry budgets](#retry-budgets)                             |
| breaker: 8 in a row or 0.8 of 30 s              | [Circuit breakers](#circuit-breakers): the partial outage   |
| breaker: 3 probes, open 5–30 s, ramp 2 s        | [Circuit breakers](#circuit-breakers): recovery             |
| cooldown for the origin, spread upwards         | [Retry-After and cooldowns](#retry-after-and-cooldowns)     |
| no hedging                                      | [Hedging](#hedging)                                         |
| sockets: first dial within a minute, then wider | [Sockets](#sockets-that-come-back)                          |
| the hint: each second, 0.92 of capacity         | [A server that says…](#a-server-that-says-what-it-can-take) |`,
    ]
  },
}
