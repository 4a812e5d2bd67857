import { defaultCloseCodes } from './close-codes.ts'
import type { ConnectRules } from './connect.ts'

/** The numbers of {@link defaultConnectRules}; the reasons are with the options. */
export const defaultConnectNumbers = {
  firstWindowMs: 5000,
  growth: 4,
  minDelayMs: 250,
  maxDelayMs: 30_000,
  herdWindowMs: 60_000,
  maxHerdDelayMs: 300_000,
  maxRetries: Infinity,
}

/** What a socket without options goes by. */
export const defaultConnectRules: ConnectRules = {
  ...defaultConnectNumbers,
  closeCodes: defaultCloseCodes,
  canRefresh: false,
}
