import {
  headers,
  integer,
  number,
  oneOf,
  positive,
  type Reader,
  type Readers,
  text,
  whole,
} from '../options/readers.ts'

/** Whether the fault comes instead of the work, or after it: then the effect stays and only the reply suffers. */
export type When = 'before' | 'after'

interface Faults {
  /** Answers with a status of one's choice. */
  readonly status: {
    readonly status: number
    readonly headers?: Readonly<Record<string, string>> | undefined
    /** @defaultValue Discord's `{"message": …, "code": 0}` */
    readonly body?: string | undefined
  }
  /** Answers 429; with `retryAfterMs` in Discord's form, else with nothing but the given headers. */
  readonly 'rate-limit': {
    readonly retryAfterMs?: number | undefined
    /** @defaultValue user */
    readonly scope?: 'user' | 'global' | 'shared' | undefined
    readonly headers?: Readonly<Record<string, string>> | undefined
    readonly body?: string | undefined
  }
  /** Answers 429 as Cloudflare does: a page of HTML without a single rate-limit header. */
  readonly cloudflare: object
  /** Waits, then goes on. */
  readonly latency: {
    readonly delayMs: number
    /** Up to this much more, uniformly. @defaultValue 0 */
    readonly jitterMs?: number | undefined
    /** @defaultValue before */
    readonly when?: When | undefined
  }
  /** Resets the connection; `after` the work, the request is applied and its reply lost. */
  readonly drop: {
    /** @defaultValue before */
    readonly when?: When | undefined
  }
  /** Never answers, as a half-open connection. */
  readonly hang: {
    /** @defaultValue before */
    readonly when?: When | undefined
  }
  /** Sends the body in small pieces. */
  readonly drip: {
    readonly chunkBytes: number
    readonly intervalMs: number
  }
  /** Promises the whole body in `Content-Length`, sends its beginning, and ends the connection. */
  readonly truncate: {
    readonly keepBytes: number
  }
}

type FaultKind = keyof Faults

/** What goes wrong. */
export type Fault = {
  readonly [Kind in FaultKind]: { readonly kind: Kind } & Faults[Kind]
}[FaultKind]

const kind: Reader<FaultKind> = oneOf(
  'status',
  'rate-limit',
  'cloudflare',
  'latency',
  'drop',
  'hang',
  'drip',
  'truncate',
)
const when: Reader<When> = oneOf('before', 'after')

type FaultReaders = { readonly [Kind in FaultKind]: Reader<Faults[Kind]> }

const withKind = <T extends object>(readers: Readers<T>, required: readonly (keyof T & string)[]) =>
  whole<T & { kind: string }>({ kind: text, ...readers } as Readers<T & { kind: string }>, required)

const faults: FaultReaders = {
  status: withKind<Faults['status']>({ status: integer(200, 599), headers, body: text }, [
    'status',
  ]),
  'rate-limit': withKind<Faults['rate-limit']>(
    {
      retryAfterMs: number(0),
      scope: oneOf('user', 'global', 'shared'),
      headers,
      body: text,
    },
    [],
  ),
  cloudflare: withKind<object>({}, []),
  latency: withKind<Faults['latency']>({ delayMs: number(0), jitterMs: number(0), when }, [
    'delayMs',
  ]),
  drop: withKind<Faults['drop']>({ when }, []),
  hang: withKind<Faults['hang']>({ when }, []),
  drip: withKind<Faults['drip']>({ chunkBytes: integer(1), intervalMs: positive }, [
    'chunkBytes',
    'intervalMs',
  ]),
  truncate: withKind<Faults['truncate']>({ keepBytes: integer(0) }, ['keepBytes']),
}

/** Reads a fault of any kind. */
export const readFault: Reader<Fault> = (value, name) => {
  const found = kind((value as { kind?: unknown } | null)?.kind, `${name}: kind`)
  return faults[found](value, name) as Fault
}
