/** Why a call is not made: no room in the queue or in time, a turn after its deadline, a closed bulkhead. */
export type NoRoomCode = 'BULKHEAD_FULL' | 'DEADLINE_EXCEEDED' | 'CLOSED'
