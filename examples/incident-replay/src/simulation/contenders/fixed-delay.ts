import { fixedDelay } from '../../worlds/fixed-delay.ts'
import { simulated } from '../simulated.ts'

export default simulated(fixedDelay)
