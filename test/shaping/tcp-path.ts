/** What a network does to what it carries. */
export interface NetworkShape {
  /** Of each direction: half a round trip. */
  readonly latencyMs: number
  /** The share of segments that is lost, each by itself. */
  readonly lossRatio: number
  /** What the line carries. */
  readonly bytesPerSecond: number
}

/** Bytes, and when they come out. */
export interface Delivery {
  readonly bytes: number
  readonly atMs: number
}

/** As on Ethernet, less the headers. */
const segmentBytes = 1460
/** Segments in a connection's first round trip (RFC 6928). */
const firstWindow = 10
/** How long a sender waits for an acknowledgement, at first (RFC 6298 §2.4); twice as long each further time. */
const retransmitMs = 1000
/** So many segments that come after a lost one tell the sender of it in one round trip (RFC 5681 §3.2). */
const duplicates = 3

/** How much later a segment comes because it, and maybe what was sent for it again, was lost. */
function retransmissions(lossRatio: number, random: () => number): number {
  let lateMs = 0
  for (let waitMs = retransmitMs; random() < lossRatio; waitMs *= 2) lateMs += waitMs
  return lateMs
}

/** How long a handshake takes: a round trip, and a second or more for a lost SYN or its answer. */
export function handshakeMs({ latencyMs, lossRatio }: NetworkShape, random: () => number): number {
  return 2 * latencyMs + retransmissions(1 - (1 - lossRatio) ** 2, random)
}

/**
 * One direction of a TCP connection: says when bytes that enter it come out. It sends a window a round trip
 * (slow start and congestion avoidance, RFC 5681), sends again what is lost, and holds what comes after it
 * until then: an application sees no loss, but stalls.
 */
export class TcpPath {
  readonly #random: () => number
  #window = firstWindow
  #threshold = Infinity
  /** Segments that this round trip has room for, and when it ends. */
  #left = 0
  #roundEndMs = -Infinity
  #lineFreeMs = -Infinity
  #deliveredMs = -Infinity

  constructor(random: () => number) {
    this.#random = random
  }

  send(bytes: number, nowMs: number, shape: NetworkShape): Delivery[] {
    const deliveries: Delivery[] = []
    for (let left = bytes; left > 0; left -= segmentBytes) {
      const size = Math.min(left, segmentBytes)
      deliveries.push({ bytes: size, atMs: this.#segment(size, left, nowMs, shape) })
    }
    return deliveries
  }

  #segment(size: number, pending: number, nowMs: number, shape: NetworkShape): number {
    const { latencyMs, lossRatio, bytesPerSecond } = shape
    let startMs = nowMs
    if (nowMs < this.#roundEndMs && this.#left === 0) {
      startMs = this.#roundEndMs
      this.#window = this.#window < this.#threshold ? 2 * this.#window : this.#window + 1
    }
    const isNewRound = startMs >= this.#roundEndMs
    if (isNewRound) this.#left = this.#window
    this.#left--
    this.#lineFreeMs = Math.max(startMs, this.#lineFreeMs) + (1000 * size) / bytesPerSecond
    if (isNewRound) this.#roundEndMs = this.#lineFreeMs + 2 * latencyMs
    let arrivesMs = this.#lineFreeMs + latencyMs
    if (this.#random() < lossRatio) {
      const behind = Math.min(this.#left, Math.ceil((pending - size) / segmentBytes))
      const isFast = behind >= duplicates
      this.#threshold = Math.max(2, Math.floor(this.#window / 2))
      this.#window = isFast ? this.#threshold : 1
      this.#left = Math.min(this.#left, this.#window)
      const againMs = isFast ? 2 * latencyMs : retransmitMs
      arrivesMs += againMs + retransmissions(lossRatio, this.#random)
      this.#roundEndMs = Math.max(this.#roundEndMs, arrivesMs + latencyMs)
    }
    this.#deliveredMs = Math.max(this.#deliveredMs, arrivesMs)
    return this.#deliveredMs
  }
}
