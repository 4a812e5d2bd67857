import type { Section } from '../section.ts'
import { number, percent, recoveries } from '../words.ts'

const kinds = [
  ['none', 'without-breaker'],
  ['5 in a row or half, 1 probe', 'five-in-a-row'],
  ['8 in a row or 0.8, 1 probe', 'one-probe'],
  ['the same, 3 probes: evenkeel', 'evenkeel'],
  ['the same, open for up to 60 s', 'longer-open'],
  ['evenkeel’s around 3 retries only', 'breaker-only'],
] as const

export const breakers: Section = {
  title: 'Circuit breakers',
  head: [
    'opens after',
    'attempts a call: 1/s',
    '1/min',
    'well again after: 1/s',
    '1/min',
    'a fifth fails: 1/s',
    '1/min',
  ],
  rows: kinds.map(([name, fleet]) => ({
    name,
    async cells(lab) {
      const rates = [1, 1 / 60]
      const storms = await Promise.all(rates.map((rate) => lab.seeds({ fleet, rate }, 3)))
      const outages = await Promise.all(
        rates.map((rate) => lab.run({ fleet, rate, day: 'partial-outage', scale: 0.02 })),
      )
      return [
        ...storms.map(([report]) => number(report?.metrics.attemptsPerCall.spike ?? null)),
        ...storms.map(recoveries),
        ...outages.map(({ metrics }) => percent(metrics.successRatio.spike)),
      ]
    },
  })),
  async write(lab) {
    const at = (fleet: string, day?: string) =>
      lab.run(day ? { fleet, rate: 1, day, scale: 0.02 } : { fleet, rate: 1 })
    const [off, five, own] = await Promise.all(
      ['without-breaker', 'five-in-a-row', 'evenkeel'].map((fleet) => at(fleet, 'partial-outage')),
    )
    const [storm, stormOff] = await Promise.all(
      ['evenkeel', 'without-breaker'].map((fleet) => at(fleet)),
    )
    const [together, apart] = await Promise.all([
      lab.run({ fleet: 'breaker-only', rate: 1, seed: 4 }),
      lab.run({ fleet: 'prescription', rate: 1, seed: 4 }),
    ])
    return [
      `A breaker does two things: it spares the server attempts that will fail, and it refuses calls that would have succeeded. How much of
each depends on how often a client calls, since that is how soon it knows anything. All but the last are the whole of evenkeel with another breaker; recovery is of three seeds.`,
      `At one call a second it cuts ${number(stormOff?.metrics.attemptsPerCall.spike ?? null)} attempts a call to ${number(storm?.metrics.attemptsPerCall.spike ?? null)}; the fewer calls, the less it knows and does. It lets even bare retries recover, and it makes no recovery quicker: evenkeel without one is well as soon as the server is,
and with one it waits for the circuits. What can be had is that they do not hold the fleet back, and that a server of which a fifth is down is not taken for one that is down. With the usual 5 in a row or one half, clients that
call once a second succeed with ${percent(five?.metrics.successRatio.spike ?? null)} of their calls in such an outage, without a breaker with ${percent(off?.metrics.successRatio.spike ?? null)}, and with 8 or 0.8 with ${percent(own?.metrics.successRatio.spike ?? null)}. Behind a single probe a client waits for as long as the server's queue is long; with three it does not,
and sends no more, as the first of three failures opens the circuit again.

Do breakers that opened together open and close together ever after? A little, even with openings that are jittered: from ten seconds to ten seconds the attempts of the spike vary by ${percent(together.variation)} of
their mean around the prescription with a breaker, and by ${percent(apart.variation)} without one.`,
    ]
  },
}
