import type { VoiceCluster, VoiceStatus } from './voice-cluster.ts'
import type { VoiceOptions } from './voice-options.ts'

/** The voice clusters; each guild has its home in one of them. */
export class VoiceRegions {
  readonly #clusters: ReadonlyMap<string, VoiceCluster>

  constructor(clusters: Iterable<readonly [string, VoiceCluster]>) {
    this.#clusters = new Map(clusters)
  }

  get options(): Record<string, VoiceOptions> {
    return Object.fromEntries([...this.#clusters].map(([name, { options }]) => [name, options]))
  }

  get status(): Record<string, VoiceStatus> {
    return Object.fromEntries([...this.#clusters].map(([name, { status }]) => [name, status]))
  }

  /** Gives the cluster of a path's guild, the same one every time, in proportion to the shares. */
  at(path: string): VoiceCluster {
    const clusters = [...this.#clusters.values()]
    let total = 0
    for (const { options } of clusters) total += options.share
    let point = (hash(path) / 2 ** 32) * total
    for (const cluster of clusters) {
      point -= cluster.options.share
      if (point < 0) return cluster
    }
    return clusters.at(-1) as VoiceCluster
  }

  /** @throws RangeError for a region that does not exist; nothing has been changed then. */
  configure(patches: Readonly<Record<string, Partial<VoiceOptions>>>): void {
    for (const name of Object.keys(patches)) {
      if (!this.#clusters.has(name)) {
        const known = [...this.#clusters.keys()].join(', ')
        throw new RangeError(`backend: voice has no region ${name}; it has ${known}`)
      }
    }
    for (const [name, patch] of Object.entries(patches)) this.#clusters.get(name)?.configure(patch)
  }

  close(): void {
    for (const cluster of this.#clusters.values()) cluster.close()
  }
}

/** FNV-1a over the path's first two segments, as in `/guilds/41771983423143937`, mixed to spread its high bits. */
function hash(path: string): number {
  const home = path.split('/', 3).join('/')
  let value = 0x811c9dc5
  for (let index = 0; index < home.length; index++) {
    value = Math.imul(value ^ home.charCodeAt(index), 0x01000193)
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return (value ^ (value >>> 13)) >>> 0
}
