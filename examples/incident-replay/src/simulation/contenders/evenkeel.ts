import { evenkeel } from '../../worlds/evenkeel.ts'
import { simulated } from '../simulated.ts'

export default simulated(evenkeel)
