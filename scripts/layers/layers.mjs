// The layers of ARCHITECTURE.md, as data. A new package gets its place here.

/** @typedef {'core' | 'policy' | 'host' | 'client' | 'beside' | 'program'} Layer */

/** @type {Record<string, Layer>} */
const layers = {
  core: 'core',
  retry: 'policy',
  'rate-limit': 'policy',
  'circuit-breaker': 'policy',
  bulkhead: 'policy',
  fetch: 'host',
  websocket: 'host',
  batch: 'host',
  outbox: 'host',
  evenkeel: 'client',
  redis: 'beside',
  opentelemetry: 'beside',
  chaos: 'beside',
  'storm-lab': 'beside',
}

/** @type {Record<Layer, Layer[]>} */
const mayImport = {
  core: [],
  policy: ['core'],
  host: ['core', 'policy'],
  client: ['core', 'policy', 'host'],
  beside: ['core', 'policy', 'host', 'client', 'beside'],
  program: ['core', 'policy', 'host', 'client', 'beside', 'program'],
}

/** Libraries that one package keeps to itself, if need be in one file. */
export const keptLibraries = [
  {
    library: 'p-retry',
    folder: 'packages/retry',
    files: Number.POSITIVE_INFINITY,
    // As a contender.
    alsoIn: 'packages/storm-lab',
  },
  { library: 'isomorphic-ws', folder: 'packages/websocket', files: 1 },
]

/** What of a package that runs in browsers and workers too is for Node.js alone: an entry point of its own. */
export const nodeFolders = ['packages/outbox/src/file/']

/** What only the clock of core may ask the platform for. */
export const platformTime = [
  'setTimeout',
  'setInterval',
  'Date.now',
  'new Date',
  'Math.random',
  'performance.now',
  'AbortSignal.timeout',
]
export const clockFiles = ['packages/core/src/clock.ts', 'packages/core/src/time-source.ts']

/** @type {(folder: string) => Layer | undefined} */
export function layerOf(folder) {
  const [top, name = ''] = folder.split('/')
  return top === 'packages' ? layers[name] : 'program'
}

/** @type {(from: Layer, to: Layer) => boolean} */
export function isAllowed(from, to) {
  return mayImport[from].includes(to)
}

/** @type {(layer: Layer) => string} */
export function allowedBy(layer) {
  const allowed = mayImport[layer].map((name) => (name === 'policy' ? 'policies' : name))
  return allowed.length > 0 ? `only ${allowed.join(', ')}` : 'no other package'
}

/**
 * Layers that run in browsers and workers too.
 *
 * @type {(layer: Layer) => boolean}
 */
export function isUniversal(layer) {
  return layer !== 'beside' && layer !== 'program'
}
