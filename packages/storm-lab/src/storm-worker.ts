// The thread of one job: not to be imported.
import { parentPort, workerData } from 'node:worker_threads'
import type { Contender } from './contenders/contender.ts'
import { contenders } from './contenders/contenders.ts'
import { runStorm } from './run-storm.ts'
import type { WorkerMessage } from './run-storms.ts'
import { scenarios } from './scenarios/scenarios.ts'

/** What the lab has under a name, or a module has as its default export. */
async function found(name: string, known: Readonly<Record<string, unknown>>): Promise<unknown> {
  if (Object.hasOwn(known, name)) return known[name]
  if (/^file:/.test(name)) return ((await import(name)) as { default: unknown }).default
  throw new RangeError(`storm: there is no '${name}', only ${Object.keys(known).join(', ')}`)
}

const tell = (message: WorkerMessage): void => parentPort?.postMessage(message)

try {
  const { scenario, contenders: names, ...size } = workerData
  const fleets = names && (await Promise.all(names.map((name: string) => found(name, contenders))))
  const report = await runStorm((await found(scenario, scenarios)) as never, {
    ...size,
    contenders: fleets?.flat() as Contender[] | undefined,
    onProgress: (progress) => tell({ progress }),
  })
  tell({ report })
} catch (error) {
  tell({ error })
}
