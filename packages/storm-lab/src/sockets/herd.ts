import { checkNumber } from '@evenkeel/core'
import { Kernel } from '../kernel/kernel.ts'
import { RandomStream } from '../random/random-stream.ts'
import { ratioOf, rounded } from '../report/round.ts'
import { HerdWorld } from './herd-world.ts'
import type { ReconnectKind } from './reconnects.ts'

/** A fleet of open sockets that a gateway drops. */
export interface HerdOptions {
  /** @defaultValue 50_000, the incident's */
  readonly sockets?: number | undefined
  /** How many handshakes the gateway can do. @defaultValue 500 */
  readonly acceptsPerSecond?: number | undefined
  /** How many dials may wait for theirs; more are refused. @defaultValue `Infinity` */
  readonly acceptQueue?: number | undefined
  /** Whether clients see that it was a 503, as `ws` does and browsers do not. @defaultValue `false` */
  readonly showsStatus?: boolean | undefined
  /** How long a dial waits. @defaultValue 10_000 */
  readonly dialTimeoutMs?: number | undefined
  /** With which close code; 1006 is a line that breaks. @defaultValue 1001, as servers that go away send */
  readonly code?: number | undefined
  /** Over which time. @defaultValue 1000 */
  readonly dropOverMs?: number | undefined
  /** Whether the close says how wide to spread: 1.1 × sockets ÷ accepts. @defaultValue `false` */
  readonly hint?: boolean | undefined
  /** @defaultValue 1_800_000, half an hour */
  readonly durationMs?: number | undefined
  /** @defaultValue 1 */
  readonly seed?: number | undefined
}

/** How a herd came back. */
export interface HerdReport {
  readonly connectedRatio: number | null
  /** When half, and 99 %, were back; `null` for never. */
  readonly t50Ms: number | null
  readonly t99Ms: number | null
  /** When they would be at best. */
  readonly idealT99Ms: number
  readonly dialsPerSocket: number | null
  readonly peakDialsPerSecond: number
  /** Handshakes for dials that had been given up. */
  readonly wastedRatio: number | null
  readonly dialsPerSecond: readonly number[]
  /** How many are connected, at the end of each second. */
  readonly connected: readonly number[]
}

/**
 * Drops a fleet of sockets, and sees how they come back.
 *
 * @throws `RangeError` for a bad option
 */
export function runHerd(
  kind: ReconnectKind,
  {
    sockets = 50_000,
    acceptsPerSecond = 500,
    acceptQueue = Infinity,
    showsStatus = false,
    dialTimeoutMs = 10_000,
    code = 1001,
    dropOverMs = 1000,
    hint = false,
    durationMs = 1_800_000,
    seed = 1,
  }: HerdOptions = {},
): HerdReport {
  const bounds = { sockets, acceptsPerSecond, dialTimeoutMs, durationMs }
  for (const [name, value] of Object.entries(bounds)) checkNumber('herd', name, value, 1, 1e8)
  const kernel = new Kernel()
  const drops = new RandomStream(seed, 'drops')
  const seconds = Math.ceil(durationMs / 1000)
  const dialsPerSecond = new Array<number>(seconds).fill(0)
  const connected = new Array<number>(seconds).fill(0)
  let t50Ms: number | null = null
  let t99Ms: number | null = null
  const herd = new HerdWorld(
    kernel,
    sockets,
    kind(sockets, new RandomStream(seed, 'sockets').random),
    { acceptsPerSecond, acceptQueue, showsStatus, dialTimeoutMs },
    () => {
      if (herd.open >= sockets / 2) t50Ms ??= kernel.nowMs
      if (herd.open >= 0.99 * sockets) t99Ms ??= kernel.nowMs
    },
  )
  const drop = kernel.on((socket) => herd.drop(socket, { code, hint }, sockets))
  for (let socket = 0; socket < sockets; socket++)
    kernel.at(drops.next() * dropOverMs, drop, socket)
  for (let second = 0; second < seconds; second++) {
    const before = herd.dials
    kernel.run(Math.min(durationMs, 1000 * (second + 1)))
    dialsPerSecond[second] = herd.dials - before
    connected[second] = herd.open
  }
  return {
    connectedRatio: ratioOf(herd.open, sockets),
    t50Ms: t50Ms && rounded(t50Ms),
    t99Ms: t99Ms && rounded(t99Ms),
    idealT99Ms: rounded((990 * sockets) / acceptsPerSecond),
    dialsPerSocket: ratioOf(herd.dials, sockets),
    peakDialsPerSecond: Math.max(...dialsPerSecond),
    wastedRatio: ratioOf(herd.wasted, herd.accepted),
    dialsPerSecond,
    connected,
  }
}
