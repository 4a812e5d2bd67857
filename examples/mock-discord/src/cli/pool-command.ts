import { type Command, Option } from 'commander'
import type { BackendOptions, BackendPatch } from '../backend/backend-options.ts'
import { given, parseNumber, remoteCommand, remoteOf, type Terminal } from './command-line.ts'

/** `pool`: shows the database, or changes it while it works. */
export function poolCommand(terminal: Terminal): Command {
  return remoteCommand('pool')
    .description('show the database pool, or change it while it works')
    .option('--size <n>', 'places in the pool', parseNumber)
    .option('--queue <n>', 'jobs that may wait', parseNumber)
    .option('--service-ms <ms>', 'the time of a job that is alone', parseNumber)
    .option('--sigma <ratio>', 'contention', parseNumber)
    .option('--kappa <ratio>', 'coherency', parseNumber)
    .option('--timeout-ms <ms>', 'from arrival to a 504, or none', parseNumber)
    .addOption(
      new Option('--order <order>', 'whose turn it is').choices(['fifo', 'lifo', 'priority']),
    )
    .option('--drop-abandoned', 'take jobs out of the queue with their client')
    .option('--keep-abandoned', 'work on them all the same')
    .option('--replicas <n>', 'copies that serve reads', parseNumber)
    .option('--lag-ms <ms>', 'how far replicas are behind', parseNumber)
    .action(async (options, command) => {
      const { size, queue, dropAbandoned, keepAbandoned, replicas, lagMs, ...rest } = options
      const { serviceMs, sigma, kappa, timeoutMs, order } = rest
      const database = given({
        poolSize: size,
        queueDepth: queue,
        serviceMs,
        sigma,
        kappa,
        timeoutMs,
        order,
        dropAbandoned: keepAbandoned ? false : dropAbandoned,
      })
      const patch = given<BackendPatch>({
        database: Object.keys(database).length > 0 ? database : undefined,
        replicas:
          replicas === undefined && lagMs === undefined
            ? undefined
            : given({ count: replicas, lagMs }),
      })
      const { admin, print } = remoteOf(command, terminal)
      const backend =
        Object.keys(patch).length > 0
          ? await admin.patch<BackendOptions>('/backend', patch)
          : await admin.get<BackendOptions>('/backend')
      print(backend, describe(backend))
    })
}

function describe({ database, replicas }: BackendOptions): string {
  const { poolSize, queueDepth, serviceMs, sigma, kappa, order, dropAbandoned, timeoutMs } =
    database
  return [
    `pool ${poolSize}, queue ${queueDepth} (${order}), ${dropAbandoned ? 'drops' : 'works on'} abandoned requests`,
    `service ${serviceMs} ms, σ ${sigma}, κ ${kappa}, timeout ${timeoutMs === null ? 'none' : `${timeoutMs} ms`}`,
    `replicas ${replicas.count}`,
  ].join('\n')
}
