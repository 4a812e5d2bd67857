import { backoffSockets } from '@evenkeel/storm-lab'
import { minTimeoutMs, pRetry } from '../../worlds/p-retry.ts'
import { simulated } from '../simulated.ts'

export default simulated(
  pRetry,
  // The first dial is no retry.
  backoffSockets((failures) => (failures > 1 ? minTimeoutMs * 2 ** (failures - 2) : 0)),
)
