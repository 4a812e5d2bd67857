import { batches } from './batches.ts'
import { failures } from './failures.ts'
import { herd } from './herd.ts'
import { herdSockets } from './herd-sockets.ts'
import { instructions } from './instructions.ts'
import { loopback } from './loopback.ts'
import { mockedFetch } from './mocked-fetch.ts'
import { policies } from './policies.ts'
import { sizes } from './sizes.ts'
import { sockets } from './sockets.ts'
import type { Suite } from './suite.ts'
import { waiting } from './waiting.ts'

/** All that is measured, in the order in which it is. */
export const suites: readonly Suite[] = [
  policies,
  mockedFetch,
  loopback,
  failures,
  batches,
  waiting,
  sockets,
  herd,
  herdSockets,
  instructions,
  sizes,
]
