import { serverPreset } from '../scenario/server-preset.ts'
import { sharedSockets } from '../scenario/shared-scenario.ts'
import { clockTime, count, duration } from './format.ts'
import type { Report } from './report.ts'

const fixed = (value: number, digits = 2) => value.toFixed(digits)

/** What a reader must know to judge a run, and to repeat it. */
export function parameters(report: Report): readonly (readonly [name: string, value: string])[] {
  const { scenario, shape, load, seed, command, machine, date, wallMs } = report
  const { rate, time } = scenario.scale
  const { acceptsPerSecond, acceptQueue } = sharedSockets
  const full = serverPreset.backend.database
  return [
    ['Command', command],
    ['Date', `${date.slice(0, 16).replace('T', ' ')} UTC, ${Math.round(wallMs / 1_000)} s`],
    ['Machine', machine],
    ['Seed', `${seed}: the same users make the same calls at the same instants in every world`],
    [
      'Scale',
      `rates ÷ ${rate}, times ÷ ${time}, so numbers in the pool and the queue ÷ ${rate * time}; all times shown are the scenario's`,
    ],
    [
      'Server',
      `pool ${count(full.poolSize)} → ${shape.poolSize}, queue ${count(full.queueDepth)} → ${shape.queueDepth}; it works on requests whose clients have gone`,
    ],
    [
      'Shape kept',
      `throughput of the full pool ${fixed(shape.degradedToPeak)} of the peak, wait of a full queue ${fixed(shape.queueWaitToTimeout)} of a client's timeout, a normal day ${fixed(shape.baseToPeak)} of the peak, the spike 10 times that`,
    ],
    [
      'Users',
      `${scenario.clients}, each with an app and state of its own; ${Math.round(scenario.readRatio * 100)} % of calls read a channel, the others send a message; each waits ${duration(scenario.patienceMs)} at most`,
    ],
    [
      'Timeouts',
      `retry loop and p-retry ${duration(serverPreset.clientTimeoutMs)} a request, as the apps of the incident; evenkeel its default, 60 s`,
    ],
    [
      'Sockets',
      `one for each user, all dropped at ${clockTime(scenario.herdAtMs)}; the Gateway can do ${fixed(acceptsPerSecond / rate / time, 1)} handshakes a second, and lets ${Math.ceil(acceptQueue / rate / time)} wait`,
    ],
    [
      'Time',
      `everything runs ${time} times faster: evenkeel by the clock it is given, the server's limits and Retry-After by a clock as fast, p-retry by minTimeout 1000 ÷ ${time}; no other option is set`,
    ],
    [
      'Recovered',
      'the first moment after the spike from which on more than 99 % of the calls succeed, in the next minute and to the end',
    ],
    [
      'Machine load',
      `busiest process ${load.busiest.process}: ${fixed(load.busiest.meanCpuRatio)} of a core, ${fixed(load.busiest.peakCpuRatio)} at most; all together ${fixed(load.meanCores)} cores; event loops late by ${Math.round(load.p99LagMs)} ms at the 99th percentile, ${Math.round(load.maxLagMs)} ms at worst${load.isTrustworthy ? '' : ': TOO LATE TO TRUST THIS RUN'}`,
    ],
  ]
}
