import { arch, availableParallelism, cpus, platform, release } from 'node:os'
import process from 'node:process'

/** What a run ran on, in a line. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${availableParallelism()} cores of ${model}, ${platform()} ${release()} ${arch()}, Node.js ${process.versions.node}`
}
