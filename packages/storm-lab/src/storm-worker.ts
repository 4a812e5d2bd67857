// The thread of one job: not to be imported.
import { parentPort, workerData } from 'node:worker_threads'
import { loadContenders } from './modules/load-contenders.ts'
import { loadScenario } from './modules/load-scenario.ts'
import { runStorm } from './run-storm.ts'
import type { WorkerMessage } from './run-storms.ts'

const tell = (message: WorkerMessage): void => parentPort?.postMessage(message)

try {
  const { scenario, contenders, ...size } = workerData
  const fleets = contenders && (await Promise.all(contenders.map(loadContenders)))
  const report = await runStorm(await loadScenario(scenario), {
    ...size,
    contenders: fleets?.flat(),
    onProgress: (progress) => tell({ progress }),
  })
  tell({ report })
} catch (error) {
  tell({ error })
}
