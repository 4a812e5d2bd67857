import type { Lab } from './lab.ts'
import { highestUtilisation } from './sections/others.ts'
import { number, percent, range, recoveries } from './words.ts'

/** What to take home, and what was simulated. */
export async function opening(lab: Lab): Promise<string> {
  const [none, prescribed, short, hinted] = await Promise.all([
    lab.run({ fleet: 'no-retries' }),
    lab.run({ fleet: 'prescription' }),
    lab.run({ fleet: 'prescription-10s' }),
    lab.run({ fleet: 'evenkeel-hint', scale: 0.1 }),
  ])
  const aws = await lab.run({ fleet: 'aws-budget', rate: 1 / 60 })
  const rates = [1, 0.1, 0.02, 0.004]
  const storms = await Promise.all(rates.map((rate) => lab.seeds({ fleet: 'evenkeel', rate }, 8)))
  const all = storms.flat()
  const attempts = range(
    all.map(({ metrics }) => metrics.attemptsPerCall.spike ?? Number.NaN),
    number,
  )
  return `# Storms

What clients do to a server in its bad hour, technique by technique: measured, not believed.

**To take home**

- Backoff with jitter and three retries does not prevent a cascade. On a server with a deep queue it keeps the cascade going: an hour after the spike
  ${percent(prescribed.metrics.successRatio.end)} of the calls succeed. Without retries all is well after ${recoveries([none])}.
- A timeout that is shorter than the server's queue turns its work into waste: with 10 s, ${percent(short.metrics.wastedRatio)} of it.
- A retry budget made for servers is none for a browser tab: at a call a minute the AWS SDKs' makes ${number(aws.metrics.attemptsPerCall.spike)} attempts a call.
- A breaker saves the server attempts, more of them the more often a client calls, and costs users some time afterwards. Usual defaults take a partial outage for a whole one.
- evenkeel makes ${attempts} attempts a call in the spike, at rates from one call a second to one in four minutes, and is well again after ${recoveries(all)}. It recovers from a normal load of up
  to ${number(await highestUtilisation(lab, 'evenkeel'))} of the server's best; the prescription from ${number(await highestUtilisation(lab, 'prescription'))}.
- Only the server can rescue the spike itself: by saying which part of the calls to send, it serves ${percent(hinted.metrics.goodputRatio)} of its most, and ${percent(hinted.metrics.successByPriority.critical)} of what is critical.

**What was run.** [The storm lab](../packages/storm-lab/README.md) sends fleets through a cascade: two hours in which ten times the calls come within five minutes, stay for a quarter of an hour, and go. The server is the database of
[the incident scenario](../examples/incident-replay/README.md): a pool of 5,000 behind a queue of 15,000 that does 1,429 calls a second at its best, and 0.42 of that when its pool is full; a normal day is 0.30 of its best. Unless a table says
otherwise a client makes 0.02 calls a second in the spike, the seed is 1, and a twentieth of the server is simulated with a twentieth of its clients. "Attempts a call" and "work for nobody" are of the spike;
"well again" is when 99 % succeed for a minute, counted from the end of the trigger. "A fifth fails" is another day, on which a fifth of the instances answer 500 to everything for ten minutes.

\`pnpm --filter @evenkeel/storm-lab docs\` writes this page, every figure of it, from its runs.`
}
