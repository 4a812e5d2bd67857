import {
  backoffSockets,
  evenkeelSockets,
  type ReconnectKind,
  replayedHerd,
  runHerd,
} from '@evenkeel/storm-lab'
import type { Scenario } from '../scenario/scenario.ts'
import { serverPreset } from '../scenario/server-preset.ts'
import { gatewayFor } from '../scenario/socket-gateway.ts'
import { delayMs } from '../worlds/fixed-delay.ts'
import { minTimeoutMs } from '../worlds/p-retry.ts'
import type { WorldName } from '../worlds/world.ts'
import type { SocketFigures } from './figures.ts'

/** When the sockets of a world dial again; each beside how long its dials wait. */
const kinds: Readonly<Record<WorldName, { kind: ReconnectKind; dialTimeoutMs?: number }>> = {
  'fixed-delay': {
    kind: backoffSockets(() => delayMs),
    dialTimeoutMs: serverPreset.clientTimeoutMs,
  },
  // The first dial is no retry.
  'p-retry': {
    kind: backoffSockets((failures) => (failures > 1 ? minTimeoutMs * 2 ** (failures - 2) : 0)),
    dialTimeoutMs: serverPreset.clientTimeoutMs,
  },
  evenkeel: { kind: evenkeelSockets() },
}

/** Drops a fleet's sockets in the storm lab, and sees how they come back within so long. */
export function simulateHerd(
  world: WorldName,
  { clients }: Scenario,
  durationMs: number,
  seed: number,
): SocketFigures {
  const { kind, dialTimeoutMs } = kinds[world]
  const { t99Ms, dialsPerSocket, peakDialsPerSecond } = runHerd(kind, {
    ...replayedHerd.options,
    ...gatewayFor(clients),
    sockets: clients,
    dropOverMs: 1,
    dialTimeoutMs,
    durationMs,
    seed,
  })
  return { socketsBackAfterMs: t99Ms, dialsPerUser: dialsPerSocket, peakDialsPerSecond }
}
