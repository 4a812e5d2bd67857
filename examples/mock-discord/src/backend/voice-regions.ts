import type { VoiceCluster, VoiceStatus } from './voice-cluster.ts'
import type { VoiceOptions } from './voice-options.ts'

/** The voice clusters; each client has its home in one of them. */
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

  get drainMs(): number {
    return Math.max(0, ...[...this.#clusters.values()].map(({ drainMs }) => drainMs))
  }

  get queued(): number {
    return Math.max(0, ...[...this.#clusters.values()].map(({ queued }) => queued))
  }

  /** Gives a client's cluster, the same one every time, in proportion to the shares. */
  at(client: string): VoiceCluster {
    const clusters = [...this.#clusters.values()]
    let total = 0
    for (const { options } of clusters) total += options.share
    let point = (hash(client) / 2 ** 32) * total
    for (const cluster of clusters) {
      point -= cluster.options.share
      if (point < 0) return cluster
    }
    return clusters.at(-1) as VoiceCluster
  }

  /** @throws RangeError for a region that does not exist. */
  check(names: readonly string[]): void {
    for (const name of names) {
      if (this.#clusters.has(name)) continue
      const known = [...this.#clusters.keys()].join(', ')
      throw new RangeError(`backend: voice has no region ${name}; it has ${known}`)
    }
  }

  configure(patches: Readonly<Record<string, Partial<VoiceOptions>>>): void {
    for (const [name, patch] of Object.entries(patches)) this.#clusters.get(name)?.configure(patch)
  }

  close(): void {
    for (const cluster of this.#clusters.values()) cluster.close()
  }
}

/** FNV-1a, mixed to spread its high bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  return (value ^ (value >>> 13)) >>> 0
}
