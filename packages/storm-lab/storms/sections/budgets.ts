import type { Section } from '../section.ts'
import { number, percent, recoveries } from '../words.ts'

const minutely = 1 / 60

const kinds = [
  ['none', 'prescription'],
  ['Finagle: a fifth, and 100 in reserve', 'finagle-budget'],
  ['AWS SDKs: 500 tokens', 'aws-budget'],
  ['gRPC: 10 tokens, half to spend', 'grpc-budget'],
  ['evenkeel: 1 token, by cost', 'own-budget'],
  ['SRE throttle', 'sre-throttle'],
] as const

export const budgets: Section = {
  title: 'Retry budgets',
  head: [
    'budget',
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
      const rates = [1, minutely]
      const storms = await Promise.all(rates.map((rate) => lab.run({ fleet, rate })))
      const outages = await Promise.all(
        rates.map((rate) => lab.run({ fleet, rate, day: 'partial-outage', scale: 0.02 })),
      )
      return [
        ...storms.map(({ metrics }) => number(metrics.attemptsPerCall.spike)),
        ...storms.map((report) => recoveries([report])),
        ...outages.map(({ metrics }) => percent(metrics.successRatio.spike)),
      ]
    },
  })),
  async write(lab) {
    const of = (fleet: string) => lab.run({ fleet, rate: minutely })
    const [finagle, aws, grpc, own] = await Promise.all(
      ['finagle-budget', 'aws-budget', 'grpc-budget', 'own-budget'].map(of),
    )
    const outage = await lab.run({
      fleet: 'grpc-budget',
      rate: minutely,
      day: 'partial-outage',
      scale: 0.02,
    })
    const ownOutage = await lab.run({
      fleet: 'own-budget',
      rate: minutely,
      day: 'partial-outage',
      scale: 0.02,
    })
    return [
      `A budget bounds what retries add to the load, where backoff only moves it. But a budget of so many tokens is so many retries
for each client before it holds anything back, and published ones are made for servers that make hundreds of calls a second. Here each
is put around the prescription, in clients that make a call a second, as a busy app does, and one a minute, as a browser tab does. The last two columns are
its price: what of the calls succeeds while a fifth of the instances answer 500.`,
      `At a call a minute Finagle's reserve of a hundred retries is never used up: ${number(finagle?.metrics.attemptsPerCall.spike ?? null)} attempts a call, as without a budget. The 500 tokens of the AWS SDKs last for most
of the spike: ${number(aws?.metrics.attemptsPerCall.spike ?? null)}, and well again after ${recoveries(aws ? [aws] : [])}. gRPC's ten tokens hold at both rates (${number(grpc?.metrics.attemptsPerCall.spike ?? null)}), and take their price in the drizzle: ${percent(outage.metrics.successRatio.spike)} succeed,
as a client that calls seldom earns too little to pay for a lone failure. evenkeel's budget has one token, earns a tenth with each success,
and counts cost: a refusal, which is cheap for the server, takes a quarter, silence the whole. It makes ${number(own?.metrics.attemptsPerCall.spike ?? null)} attempts a call in the storm and ${percent(ownOutage.metrics.successRatio.spike)}
succeed in the outage. The throttle of the SRE book needs no tokens, but it goes on refusing by what it remembers when the server is well.`,
    ]
  },
}
