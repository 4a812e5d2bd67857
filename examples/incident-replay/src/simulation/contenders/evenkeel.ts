import { evenkeelSockets } from '@evenkeel/storm-lab'
import { evenkeel } from '../../worlds/evenkeel.ts'
import { simulated } from '../simulated.ts'

export default simulated(evenkeel, evenkeelSockets())
