import type { VoiceOptions } from './voice-options.ts'

export interface VoiceLoad {
  readonly instances: number
  readonly cpuRatio: number
  readonly queued: number
}

/**
 * Gives how many instances the load asks for: Kubernetes' horizontal autoscaler rule
 * ⌈instances × load / target⌉, plus one per `queueThreshold` joins waiting once that is passed.
 */
export function desiredInstances(
  { targetCpuRatio, queueThreshold, minInstances, maxInstances }: VoiceOptions,
  { instances, cpuRatio, queued }: VoiceLoad,
): number {
  // Rounded first, since 0.7 / 0.7 × 3 must not come out as 3.0000000000000004 and then as 4.
  const byCpu = Math.ceil(Number(((instances * cpuRatio) / targetCpuRatio).toFixed(6)))
  const byQueue = queued > queueThreshold ? instances + Math.floor(queued / queueThreshold) : 0
  return Math.min(maxInstances, Math.max(minInstances, byCpu, byQueue))
}
