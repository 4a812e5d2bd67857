import { defaultCloseCodes } from './close-codes.ts'
import type { ConnectRules } from './connect.ts'

/** What a socket without options goes by; the reasons are with the options. */
export const defaultConnectRules: ConnectRules = {
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
