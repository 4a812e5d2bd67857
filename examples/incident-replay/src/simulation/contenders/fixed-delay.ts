import { backoffSockets } from '@evenkeel/storm-lab'
import { delayMs, fixedDelay } from '../../worlds/fixed-delay.ts'
import { simulated } from '../simulated.ts'

export default simulated(
  fixedDelay,
  backoffSockets(() => delayMs),
)
