import { STATUS_CODES } from 'node:http'
import { cloudflareBan, rateLimited } from '../limits/rate-limit-reply.ts'
import type { ApiReply } from '../stage.ts'
import type { Fault } from './fault.ts'

/** Gives the reply of a fault that is one. */
export function faultReply(
  fault: Extract<Fault, { kind: 'status' | 'rate-limit' | 'cloudflare' }>,
): ApiReply {
  switch (fault.kind) {
    case 'cloudflare':
      return cloudflareBan
    case 'status': {
      const message = `${fault.status}: ${STATUS_CODES[fault.status] ?? 'Unknown'}`
      return {
        status: fault.status,
        headers: { 'content-type': 'application/json', ...lowerCase(fault.headers) },
        body:
          fault.status === 204 || fault.status === 304
            ? undefined
            : (fault.body ?? JSON.stringify({ message, code: 0 })),
      }
    }
    case 'rate-limit': {
      const { retryAfterMs, scope = 'user', headers, body } = fault
      const form =
        retryAfterMs === undefined
          ? { status: 429, headers: {}, body: undefined }
          : rateLimited(scope, retryAfterMs)
      return {
        status: 429,
        headers: { ...form.headers, ...lowerCase(headers) },
        body: body ?? form.body,
      }
    }
  }
}

/** Header names in one case, so that a given one replaces the usual one. */
function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}
