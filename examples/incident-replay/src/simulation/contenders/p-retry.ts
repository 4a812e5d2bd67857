import { pRetry } from '../../worlds/p-retry.ts'
import { simulated } from '../simulated.ts'

export default simulated(pRetry)
