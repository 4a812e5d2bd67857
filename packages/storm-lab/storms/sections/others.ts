import {
  backoffSockets,
  evenkeelSockets,
  type HerdOptions,
  type ReconnectKind,
  runHerd,
} from '../../src/index.ts'
import type { Lab, Outcome } from '../lab.ts'
import { rowOf, type Section, shown } from '../section.ts'
import { number, percent, recoveries, seconds } from '../words.ts'

const small = { scale: 0.01, rate: 1 }

export const hedging: Section = {
  title: 'Hedging',
  head: [
    'clients',
    'p99 before',
    'attempts before',
    'attempts in the spike',
    'worst minute',
    'well again after',
  ],
  rows: [
    ['evenkeel', 'evenkeel-shell'],
    ['and hedge', 'hedged'],
    ['and hedge without a budget', 'hedged-unpaid'],
  ].map(([name, fleet]) => ({
    name: name as string,
    async cells(lab) {
      const report = await lab.run({ fleet: fleet as string, ...small })
      const before = report.phases[0]
      return [
        seconds(before?.latencyMs.p99 ?? null),
        number(before?.attemptsPerCall ?? null),
        shown.spikeAttempts(report),
        shown.peakAttempts(report),
        shown.recovery(report),
      ]
    },
  })),
  async write(lab) {
    const of = (fleet: string) => lab.run({ fleet, ...small })
    const [plain, paid, unpaid] = await Promise.all(
      ['evenkeel-shell', 'hedged', 'hedged-unpaid'].map(of),
    )
    return [
      `A second request when the first is slower than nineteen of twenty is for reads on a quiet day, from a server some of whose answers are slow for no reason of the request. It is also a retry of work that may be under way, which is what a storm is
made of. Whole clients run here, on virtual time, at a fifth of the size and a call a second.`,
      `This server's slow answers are slow by chance of the request itself, so that a hedge buys nothing: the ninety-ninth of a hundred calls takes ${seconds(plain?.phases[0]?.latencyMs.p99 ?? null)} without hedges and ${seconds(paid?.phases[0]?.latencyMs.p99 ?? null)} with them, for ${number(paid?.phases[0]?.attemptsPerCall ?? null)} attempts a call. Nor do they make the storm worse, as
what counts as slow grows with the queue: ${number(paid?.metrics.attemptsPerCall.spike ?? null)} attempts a call in the spike, where there are ${number(plain?.metrics.attemptsPerCall.spike ?? null)} without. But in the worst minute, before that is learnt, unpaid hedges make ${number(unpaid?.metrics.attemptsPerCall.peakMinute ?? null)}, and paid ones ${number(paid?.metrics.attemptsPerCall.peakMinute ?? null)}. They are off unless
you turn them on, and paid from a budget unless you turn that off.`,
    ]
  },
}

const jittered = backoffSockets(
  (failures, random) => random() * Math.min(60_000, 1000 * 2 ** (failures - 1)),
)
const herds: readonly [string, ReconnectKind, HerdOptions][] = [
  ['each second', backoffSockets(() => 1000), {}],
  ['1–60 s, full jitter', jittered, {}],
  ['the same, refused beyond 1000', jittered, { acceptQueue: 1000 }],
  ['evenkeel', evenkeelSockets(), {}],
  ['evenkeel, and the server says how wide', evenkeelSockets(), { hint: true }],
]

export const sockets: Section = {
  title: 'Sockets that come back',
  head: ['dial again', 'connected after 15 min', '99 % after', 'dials each', 'peak dials a second'],
  rows: herds.map(([name, kind, options]) => ({
    name,
    async cells() {
      const report = runHerd(kind, { ...options, durationMs: 900_000 })
      return [
        percent(report.connectedRatio),
        seconds(report.t99Ms),
        number(report.dialsPerSocket),
        String(report.peakDialsPerSecond),
      ]
    },
  })),
  async write() {
    return [
      `50,000 sockets drop within a second, in front of a gateway that does 500 handshakes a second: 99 % can be back after 99 s at best. Here something has brought all clients
together, and here jitter counts, but only if it is wide enough from the first dial on.`,
      `A handshake that waits longer than its client is done for nobody, so a deep queue of them is the same trap as above: full jitter from 1 s on puts the first dials into one second, and never recovers. With a short queue it works. evenkeel spreads the first dial after a
loss by the server over a minute, and wider each time; told the width, it makes one dial each.`,
    ]
  },
}

export const reloads: Section = {
  title: 'People who press reload',
  head: ['clients', 'attempts a call', 'well again after'],
  rows: [
    ['prescription', 'prescription'],
    ['gRPC budget', 'grpc-budget'],
    ['evenkeel, which forgets all by it', 'evenkeel'],
    ['evenkeel with shared state', 'survives-reload'],
    ['evenkeel with the hint', 'evenkeel-hint'],
  ].map(([name, fleet]) =>
    rowOf(name as string, { fleet: fleet as string, day: 'reload-cascade' }, [
      shown.spikeAttempts,
      shown.recovery,
    ]),
  ),
  async write(lab) {
    const of = (fleet: string) => lab.run({ fleet, day: 'reload-cascade' })
    const [forgetting, keeping] = [await of('evenkeel'), await of('survives-reload')]
    return [
      `Half of the people whose call failed press reload within ten seconds, and a page that starts anew has forgotten budget, cooldown and circuit.`,
      `A page that forgets makes ${number(forgetting.metrics.attemptsPerCall.spike)} attempts a call in the spike, one whose state outlives the reload and is one for all tabs (\`sharedFetch\`) ${number(keeping.metrics.attemptsPerCall.spike)}. It is patience with what is under way, the
60 s of an attempt, that lets either recover; a budget alone does not survive a reload. With the hint there is little to reload for.`,
    ]
  },
}

export const mixtures: Section = {
  title: 'Beside others who hammer',
  head: [
    'of the fleet',
    'in the spike: evenkeel',
    'the others',
    'after: evenkeel',
    'the others',
    'well again after',
  ],
  rows: [
    ['20 % evenkeel', 'mixed-20', 'cascade'],
    ['80 % evenkeel', 'mixed-80', 'cascade'],
    ['20 % without its breaker', 'mixed-20-without-breaker', 'cascade'],
    ['80 % without its breaker', 'mixed-80-without-breaker', 'cascade'],
    ['20 %, and a limit for each client', 'mixed-20', 'client-limited'],
    ['80 %, and a limit for each client', 'mixed-80', 'client-limited'],
  ].map(([name, fleet, day]) => ({
    name: name as string,
    async cells(lab) {
      const report = await lab.run({ fleet: fleet as string, day: day as string })
      const cohorts = report.phases.slice(1, 3).flatMap(({ cohorts }) => cohorts)
      return [...cohorts.map(({ successRatio }) => percent(successRatio)), recoveries([report])]
    },
  })),
  async write(lab) {
    const most = await lab.run({ fleet: 'mixed-80', day: 'cascade' })
    const without = await lab.run({ fleet: 'mixed-80-without-breaker', day: 'cascade' })
    const inSpike = ({ phases }: Outcome) =>
      phases[1]?.cohorts.map(({ successRatio }) => successRatio) ?? []
    const [own = null, others = null] = inSpike(most)
    const [ownWithout = null, othersWithout = null] = inSpike(without)
    const [few, many] = await Promise.all(
      ['mixed-20', 'mixed-80'].map((fleet) => lab.run({ fleet, day: 'client-limited' })),
    )
    const [fewOwn = null, fewOthers = null] = few ? inSpike(few) : []
    const [manyOwn = null, manyOthers = null] = many ? inSpike(many) : []
    return [
      `A fleet is never all yours. Beside clients that retry three times, a second apart:`,
      `In the spike evenkeel's users are worse off than those beside them, ${percent(own)} against ${percent(others)} where they are the most. It is the breaker: while it is open, the places that it leaves go to whoever hammers. Without it they are
almost even, ${percent(ownWithout)} against ${percent(othersWithout)}, and the server gets ${number(without.metrics.attemptsPerCall.spike)} attempts a call instead of ${number(most.metrics.attemptsPerCall.spike)}. What one client takes back by itself it takes from the server.
Only the server can see to it that hammering does not pay, by a limit for each client, here of 2.5 times what a client calls: evenkeel's users, who hardly meet it, then
succeed with ${percent(fewOwn)} of their calls where they are few and ${percent(manyOwn)} where they are many, the others with ${percent(fewOthers)} and ${percent(manyOthers)}. Without one it is afterwards
the other way round: who waits 60 s gets the answers that who waits 30 s has paid for. And where evenkeel's users are the most, all recover.`,
    ]
  },
}

/** The highest base load, against what the backend serves at its best, from which a fleet is well again within ten minutes. */
export async function highestUtilisation(lab: Lab, fleet: string): Promise<number> {
  let well = 0
  let stuck = 50
  while (stuck - well > 1) {
    const middle = Math.floor((well + stuck) / 2)
    const { metrics } = await lab.run({ fleet, utilisation: middle / 50, scale: 0.02 })
    if (metrics.recoveryMs !== null && metrics.recoveryMs <= 600_000) well = middle
    else stuck = middle
  }
  return well / 50
}

export const margins: Section = {
  title: 'How full a server may be',
  head: ['clients', 'highest load to recover from'],
  rows: [
    'immediate',
    'fixed-1s',
    'p-retry',
    'prescription-10s',
    'prescription',
    'prescription-60s',
    'no-retries',
    'aws-budget',
    'grpc-budget',
    'finagle-budget',
    'breaker-only',
    'sre-throttle',
    'evenkeel',
    'evenkeel-hint',
  ].map((fleet) => ({
    name: `\`${fleet}\``,
    cells: async (lab) => [number(await highestUtilisation(lab, fleet))],
  })),
  async write(lab) {
    const of = (fleet: string) => highestUtilisation(lab, fleet)
    const [own, hinted, prescribed] = await Promise.all(
      ['evenkeel', 'evenkeel-hint', 'prescription'].map(of),
    )
    return [
      `How full may this server be on a normal day for its fleet to recover from ten times that? Found by bisection, to a fiftieth; well again within ten minutes. When it is crowded the server does 0.42 of its best,
so a client that sends each call once can recover from about that, and a patient one from a little more.`,
      `With the prescription a server must be kept below ${number(prescribed ?? null)} of what it can do; with evenkeel it may be at ${number(own ?? null)}, and with the hint, which is no longer bound by the crowded server's speed, at ${number(hinted ?? null)}.`,
    ]
  },
}
