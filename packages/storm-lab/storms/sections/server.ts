import { rowOf, type Section, shown } from '../section.ts'
import { number, percent } from '../words.ts'

export const cooldowns: Section = {
  title: 'Retry-After and cooldowns',
  head: [
    'clients',
    'attempts a call',
    'peak against mean',
    'succeed in the spike',
    'well again after',
  ],
  rows: [
    ['retry by themselves', 'prescription'],
    ['obey Retry-After, call by call', 'without-cooldown'],
    ['and hold all calls back: evenkeel', 'evenkeel'],
  ].map(([name, fleet]) => ({
    name: name as string,
    async cells(lab) {
      const report = await lab.run({ fleet: fleet as string, day: 'limited' })
      const { metrics } = report
      const mean = (metrics.attemptsPerCall.spike ?? 0) * 214
      return [
        number(metrics.attemptsPerCall.spike),
        number(metrics.peakAttemptsPerSecond / mean),
        shown.spikeSuccess(report),
        shown.recovery(report),
      ]
    },
  })),
  async write(lab) {
    const of = (fleet: string) => lab.run({ fleet, day: 'limited' })
    const [plain, obeying, own] = await Promise.all(
      ['prescription', 'without-cooldown', 'evenkeel'].map(of),
    )
    return [
      `A limiter that lets through a quota in each minute of the clock tells everybody it refuses to come back at the same instant. Three times the quota
comes here for a quarter of an hour. Whoever obeys to the millisecond is there with all others, so evenkeel only ever adds to what the server asked for, spread over as long again.`,
      `Clients that ignore the header send ${number(plain?.metrics.attemptsPerCall.spike ?? null)} attempts a call for ${percent(plain?.metrics.successRatio.spike ?? null)} of success; those of evenkeel that obey it call by call ${number(obeying?.metrics.attemptsPerCall.spike ?? null)} for ${percent(obeying?.metrics.successRatio.spike ?? null)}, and with a cooldown, which
holds the origin's other calls back too and lets them go one after another, ${number(own?.metrics.attemptsPerCall.spike ?? null)}. Obeying gathers a crowd even so: spread as it is, its worst second is some three times the mean. What a fixed window wastes no client can
give back: a token bucket or slots serve the same quota evenly.`,
    ]
  },
}

const shares = [
  shown.critical,
  shown.important,
  shown.deferred,
  shown.spikeAttempts,
  shown.recovery,
]

export const priorities: Section = {
  title: 'Priorities',
  head: [
    'clients, server',
    'critical',
    'important',
    'deferred',
    'attempts a call',
    'well again after',
  ],
  rows: [
    rowOf('prescription, one queue', { fleet: 'prescription' }, shares),
    rowOf(
      'prescription, queue by priority',
      { fleet: 'prescription', day: 'prio-cascade' },
      shares,
    ),
    rowOf(
      'SRE throttle, queue by priority',
      { fleet: 'sre-throttle', day: 'prio-cascade' },
      shares,
    ),
    rowOf('evenkeel, one queue', { fleet: 'evenkeel' }, shares),
    rowOf('evenkeel, queue by priority', { fleet: 'evenkeel', day: 'prio-cascade' }, shares),
    rowOf('with one circuit for all', { fleet: 'one-circuit', day: 'prio-cascade' }, shares),
    rowOf(
      'the same, a call a second',
      { fleet: 'one-circuit', day: 'prio-cascade', rate: 1 },
      shares,
    ),
    rowOf('evenkeel, a call a second', { fleet: 'evenkeel', day: 'prio-cascade', rate: 1 }, shares),
  ],
  async write(lab) {
    const prioDay = { day: 'prio-cascade', rate: 1 }
    const [legacy, prio, one, apart] = await Promise.all([
      lab.run({ fleet: 'evenkeel' }),
      lab.run({ fleet: 'evenkeel', day: 'prio-cascade' }),
      lab.run({ fleet: 'one-circuit', ...prioDay }),
      lab.run({ fleet: 'evenkeel', ...prioDay }),
    ])
    return [
      `Of the calls 30 % are critical: alone, 0.90 of what the server can do in the spike. Whether they get it is the server's to say, or at least to be asked. In one
queue for all a client's own priorities change nothing:`,
      `With one queue ${percent(legacy.metrics.successByPriority.critical)} of evenkeel's critical calls succeed, with a queue by priority, short and at the knee, ${percent(prio.metrics.successByPriority.critical)}. Critical calls have a
circuit of their own for that. Where there is one for all, the refusals of deferred calls open it for critical ones too: of clients that call once a second it then leaves ${percent(one.metrics.successByPriority.critical)}
of these, not ${percent(apart.metrics.successByPriority.critical)}, and more is sent, ${number(one.metrics.attemptsPerCall.spike)} attempts a call instead of ${number(apart.metrics.attemptsPerCall.spike)}:
what succeeds of critical calls keeps that circuit closed for the rest.`,
    ]
  },
}

const hint = [shown.goodput, shown.critical, shown.waste, shown.spikeP99, shown.recovery]
const heeding = 'evenkeel-hint'
const large = { scale: 0.1 }

export const hints: Section = {
  title: 'A server that says what it can take',
  head: ['hint', 'served, of the most', 'critical', 'work for nobody', 'p99', 'well again after'],
  rows: [
    rowOf('none', { fleet: 'evenkeel', ...large }, hint),
    rowOf('each second', { fleet: heeding, ...large }, hint),
    rowOf('each second, a fifth of the server', { fleet: heeding, scale: 0.02 }, hint),
    rowOf('every 10 s', { fleet: heeding, ...large, day: 'hint-10s' }, hint),
    ...[10, 30].flatMap((late) => [
      rowOf(
        `${late} s late, and requests say their level`,
        { fleet: heeding, ...large, day: `hint-stale-${late}s` },
        hint,
      ),
      rowOf(
        `${late} s late, and the server knows`,
        { fleet: heeding, ...large, day: `hint-stale-${late}s-told` },
        hint,
      ),
      rowOf(
        `${late} s late, and nobody says so`,
        { fleet: heeding, ...large, day: `hint-stale-${late}s-unsaid` },
        hint,
      ),
    ]),
    rowOf('of 1.3 of what it can', { fleet: heeding, ...large, day: 'hint-high' }, hint),
    rowOf('of 0.7 of what it can', { fleet: heeding, ...large, day: 'hint-low' }, hint),
    rowOf('lost in the spike', { fleet: heeding, ...large, day: 'hint-lost' }, hint),
  ],
  async write(lab) {
    const [none, each, late] = await Promise.all([
      lab.run({ fleet: 'evenkeel', ...large }),
      lab.run({ fleet: heeding, ...large }),
      lab.run({ fleet: heeding, ...large, day: 'hint-stale-30s-unsaid' }),
    ])
    return [
      `No client alone rescues the spike: its first try is what the server cannot take. A server that says beforehand which part of its clients' calls to send, critical ones first
([the fleet hint](fleet-hint.md)), loses nothing to those it must turn away: it serves ${percent(each.metrics.goodputRatio)} of its most instead of ${percent(none.metrics.goodputRatio)}, and ${percent(each.metrics.successByPriority.critical)} of the critical calls.`,
      `A fifth of the server has fifteen places at its knee, and chance alone fills them now and then: it serves a little less. A hint that comes late is worth what the server knows of its lateness:
one that judges what comes by a level nobody has heard of yet, halves it again and again. Requests that say by which level they were sent (\`Fleet-Level\`, as evenkeel's do
outside of pages) tell it as much as an operator could (\`lagMs\`). Late by 30 s where nobody says so, a server serves ${percent(late.metrics.goodputRatio)}: less than with no hint at all. And all must obey it: those who
do not, take the place of those who do.`,
    ]
  },
}
