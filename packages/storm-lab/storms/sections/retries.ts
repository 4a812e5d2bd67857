import { rowOf, type Section, shown } from '../section.ts'
import { number, percent, recoveries } from '../words.ts'

const show = [
  shown.spikeAttempts,
  shown.peakAttempts,
  shown.waste,
  shown.endSuccess,
  shown.recovery,
]

export const retries: Section = {
  title: 'Retries, backoff and jitter',
  head: [
    'clients that fail',
    'attempts a call',
    'worst minute',
    'work for nobody',
    'succeed an hour later',
    'well again after',
  ],
  rows: [
    rowOf('give up', { fleet: 'no-retries' }, show),
    rowOf('retry 3 times at once', { fleet: 'immediate' }, show),
    rowOf('retry 3 times, a second apart', { fleet: 'fixed-1s' }, show),
    rowOf('retry after 1, 2 and 4 s', { fleet: 'exponential' }, show),
    rowOf('the same with full jitter', { fleet: 'prescription' }, show),
    rowOf('retry 10 times, after 1, 2, 4 … 512 s', { fleet: 'p-retry' }, show),
  ],
  async write(lab) {
    const none = await lab.run({ fleet: 'no-retries' })
    const plain = await lab.run({ fleet: 'exponential' })
    const jittered = await lab.run({ fleet: 'prescription' })
    const pRetry = await lab.run({ fleet: 'p-retry' })
    return [
      `The advice is old and sounds careful: wait 1 s, then 2, then 4, with full jitter, and stop after three retries. It is what the
incident's own report prescribes. In this storm it is worth nothing. The load goes back to a third of what the server can do at its
best, and an hour later ${percent(jittered.metrics.successRatio.end)} of the calls succeed; the fleet that never retries is well again after ${recoveries([none])}.`,
      `The reason is arithmetic. A call that is timed out has cost the server its work all the same, and each of its
${number(jittered.metrics.attemptsPerCall.after)} attempts costs it again. Backoff moves attempts to later; it takes none away. Where the load stays, later is no better. Jitter keeps clients
apart that something has brought together; users who come independently are apart already, and with it ${percent(jittered.metrics.successRatio.end)} succeed an hour later,
without it ${percent(plain.metrics.successRatio.end)}. Longer schedules are worse: what p-retry's ten retries put off comes back in the quiet after the spike,
${number(pRetry.metrics.attemptsPerCall.peakMinute)} attempts for each new call in the worst minute.`,
    ]
  },
}

export const timeouts: Section = {
  title: 'Timeouts',
  head: [
    'an attempt may take',
    'attempts a call',
    'work for nobody',
    'succeed in the spike',
    'an hour later',
    'well again after',
  ],
  rows: [
    ['10 s', 'prescription-10s'],
    ['30 s', 'prescription'],
    ['60 s', 'prescription-60s'],
  ].map(([name, fleet]) =>
    rowOf(name as string, { fleet: fleet as string }, [
      shown.spikeAttempts,
      shown.waste,
      shown.spikeSuccess,
      shown.endSuccess,
      shown.recovery,
    ]),
  ),
  async write(lab) {
    const [short, usual, long] = await Promise.all([
      lab.run({ fleet: 'prescription-10s' }),
      lab.run({ fleet: 'prescription' }),
      lab.run({ fleet: 'prescription-60s' }),
    ])
    return [
      `The strongest lever of a client is one that nobody lists. A server with a full queue answers after half a minute. A client
that waits 30 s for it throws away what was about to arrive, and asks again. All three fleets retry as prescribed:`,
      `With 10 s, ${percent(short.metrics.wastedRatio)} of the server's work in the spike is for clients that have gone; with 30 s ${percent(usual.metrics.wastedRatio)}; with 60 s, which is
more than the server ever takes, ${percent(long.metrics.wastedRatio)}, and the same three retries do no harm. Let the interface give up when it must, and
the request go on: that is why \`attemptTimeoutMs\` is 60 s.`,
    ]
  },
}
