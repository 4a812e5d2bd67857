import { type ConnectRules, defaultCloseCodes } from '../src/index.ts'

/** What a socket without options goes by. */
export const rules: ConnectRules = {
  firstWindowMs: 5000,
  growth: 4,
  minDelayMs: 250,
  maxDelayMs: 30_000,
  herdWindowMs: 60_000,
  maxHerdDelayMs: 300_000,
  maxRetries: Infinity,
  closeCodes: defaultCloseCodes,
  canRefresh: false,
}
