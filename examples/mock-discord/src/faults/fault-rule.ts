import {
  integer,
  number,
  oneOf,
  partial,
  positive,
  type Reader,
  text,
  whole,
} from '../options/readers.ts'
import type { ApiRequest } from '../stage.ts'
import { type Fault, readFault } from './fault.ts'

/** Which requests; every part that is given must fit. A `*` at the end of a text fits any rest. */
export interface FaultMatch {
  readonly method?: string | undefined
  /** The template, as in `/channels/:channel/messages`. */
  readonly route?: string | undefined
  /** The path itself, without `/api/v10`. */
  readonly path?: string | undefined
  readonly service?: ApiRequest['service'] | undefined
  readonly client?: string | undefined
  readonly priority?: ApiRequest['priority'] | undefined
}

export interface FaultRule {
  readonly fault: Fault
  /** @defaultValue every request */
  readonly match?: FaultMatch | undefined
  /** The part of the matching requests that is hit, from 0 to 1. @defaultValue 1 */
  readonly share?: number | undefined
  /** Hits until the rule is spent. @defaultValue unlimited */
  readonly count?: number | undefined
  /** Time until the rule expires, in ms. @defaultValue never */
  readonly forMs?: number | undefined
}

/** Reads a rule. */
export const readFaultRule: Reader<FaultRule> = whole<FaultRule>(
  {
    fault: readFault,
    match: partial<FaultMatch>({
      method: text,
      route: text,
      path: text,
      service: oneOf('gateway', 'messages', 'voice', 'files', 'users'),
      client: text,
      priority: oneOf('critical', 'important', 'deferred'),
    }),
    share: number(0, 1),
    count: integer(1),
    forMs: positive,
  },
  ['fault'],
)

/** Tells whether a rule is about this request. */
export function isMatch(match: FaultMatch, request: ApiRequest): boolean {
  const { method, route, path, service, client, priority } = match
  return (
    (method === undefined || method.toUpperCase() === request.method) &&
    (service === undefined || service === request.service) &&
    (priority === undefined || priority === request.priority) &&
    (route === undefined || fits(route, request.route)) &&
    (path === undefined || fits(path, request.path)) &&
    (client === undefined || fits(client, request.client))
  )
}

function fits(pattern: string, value: string): boolean {
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern
}
