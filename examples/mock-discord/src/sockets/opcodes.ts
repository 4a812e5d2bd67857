/** Discord's Gateway opcodes (its opcodes and status codes page). */
export const opcodes = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voiceState: 4,
  resume: 6,
  reconnect: 7,
  requestMembers: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const

/** Why Discord ends a connection, by the same page. */
export const closeCodes = {
  unknownOpcode: [4001, 'Unknown opcode.'],
  decodeError: [4002, 'Error while decoding payload.'],
  notAuthenticated: [4003, 'Not authenticated.'],
  authenticationFailed: [4004, 'Authentication failed.'],
  alreadyAuthenticated: [4005, 'Already authenticated.'],
  invalidSequence: [4007, 'Invalid seq.'],
  rateLimited: [4008, 'Rate limited.'],
  sessionTimedOut: [4009, 'Session timed out.'],
  invalidShard: [4010, 'Invalid shard.'],
  shardingRequired: [4011, 'Sharding required.'],
  invalidVersion: [4012, 'Invalid API version.'],
  invalidIntents: [4013, 'Invalid intent(s).'],
  disallowedIntents: [4014, 'Disallowed intent(s).'],
} as const

export type CloseReason = (typeof closeCodes)[keyof typeof closeCodes]

/** Why a frame is not done: the connection ends, or op 9 says that there is no session. */
export type Refusal = CloseReason | 'invalid-session'

/** After these, Discord knows the session no more. */
export const sessionEndingCodes: ReadonlySet<number> = new Set([4004, 4010, 4011, 4012, 4013, 4014])

/** Writes a frame that is no dispatch. */
export const controlFrame = (op: number, d: unknown = null) =>
  JSON.stringify({ t: null, s: null, op, d })
