import type { Priority } from '@evenkeel/core'
import { dictionary } from '../headers/dictionary.ts'

/** What a server asks of its clients for a while; what it leaves out stays as the app has it. */
export interface ServerPolicy {
  /** How many attempts a call may make at most, its first included. */
  readonly attempts?: number | undefined
  /** By up to how much longer every retry waits, by chance. */
  readonly jitterMs?: number | undefined
  /** The most important of the priorities that are not to be sent: `important` pauses `deferred` calls as well. */
  readonly pause?: Priority | undefined
  /** How long to send nothing at all. */
  readonly cooldownMs?: number | undefined
  /** How long this holds; 0 takes back what held. @defaultValue 60_000 */
  readonly maxAgeMs?: number | undefined
}

/** The name of the field. */
export const serverPolicyField = 'evenkeel-policy'

/** Milliseconds of a Decimal of seconds; `NaN` if it is none. */
function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return /^\d{1,7}(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1000) : Number.NaN
}

/**
 * Reads `Evenkeel-Policy: attempts=2, jitter=10, pause=deferred, cooldown=20, max-age=60`, a Dictionary (RFC 9651) of an
 * Integer, a Token and Decimals of seconds. Anything malformed makes the whole field `undefined`; other members are ignored.
 */
export function parseServerPolicy(text: string): ServerPolicy | undefined {
  const members = dictionary(text)
  if (!members) return undefined
  const attempts = members.get('attempts')
  const pause = members.get('pause')
  const policy: ServerPolicy = {
    attempts: attempts === undefined ? undefined : Number(/^[1-9]\d?$/.exec(attempts)),
    jitterMs: seconds(members.get('jitter')),
    pause: pause as Priority | undefined,
    cooldownMs: seconds(members.get('cooldown')),
    maxAgeMs: seconds(members.get('max-age')),
  }
  const { jitterMs = 0, cooldownMs = 0, maxAgeMs = 0 } = policy
  const isSound =
    policy.attempts !== 0 &&
    /^(critical|important|deferred)$/.test(pause ?? 'critical') &&
    jitterMs + cooldownMs + maxAgeMs >= 0
  return isSound ? policy : undefined
}

/** Writes the field; no policy takes back what held. */
export function formatServerPolicy(policy: ServerPolicy | undefined): string {
  const { attempts, jitterMs, pause, cooldownMs, maxAgeMs } = policy ?? { maxAgeMs: 0 }
  const inSeconds = (ms: number | undefined): number | undefined =>
    ms === undefined ? undefined : Math.round(ms) / 1000
  // 0 is what who wants no retries may say; clients know from 1 to 99.
  const atMost = attempts === undefined ? undefined : Math.min(99, Math.max(1, attempts))
  const members: readonly [name: string, value: number | string | undefined][] = [
    ['attempts', atMost],
    ['jitter', inSeconds(jitterMs)],
    ['pause', pause],
    ['cooldown', inSeconds(cooldownMs)],
    ['max-age', inSeconds(maxAgeMs)],
  ]
  return members
    .flatMap(([name, value]) => (value === undefined ? [] : `${name}=${value}`))
    .join(', ')
}
