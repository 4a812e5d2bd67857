/**
 * How service time grows with concurrency: Neil J. Gunther's Universal Scalability Law (*Guerrilla
 * Capacity Planning*, 2007), `X(n) = (n / s0) / (1 + σ(n − 1) + κn(n − 1))`.
 */
export interface Scalability {
  /** s0: the mean time of a request that is alone. */
  readonly serviceMs: number
  /** σ: the share of the work that must queue for something common. @defaultValue 0 */
  readonly contention?: number | undefined
  /** κ: the price of keeping each pair in agreement; with it, throughput *falls* beyond the knee. @defaultValue 0 */
  readonly coherency?: number | undefined
}

/** The mean time of a request while `concurrency` are in service: `n / X(n)`; below one, as of one. */
export function serviceTimeMs(
  { serviceMs, contention = 0, coherency = 0 }: Scalability,
  concurrency: number,
): number {
  const others = concurrency > 1 ? concurrency - 1 : 0
  return serviceMs * (1 + contention * others + coherency * concurrency * others)
}

/** Requests a second with `concurrency` in service: `X(n)`. */
export function throughputPerSecond(law: Scalability, concurrency: number): number {
  return (1000 * concurrency) / serviceTimeMs(law, concurrency)
}

/** The concurrency of the highest throughput, `√((1 − σ) / κ)`; `Infinity` when nothing falls. */
export function kneeConcurrency({ contention = 0, coherency = 0 }: Scalability): number {
  return coherency ? Math.sqrt(Math.max(0, 1 - contention) / coherency) : Infinity
}

/** The most a pool can serve, in requests a second: at the knee, or with every worker busy before it. */
export function capacityPerSecond(law: Scalability, workers: number): number {
  return throughputPerSecond(law, Math.min(workers, Math.max(1, kneeConcurrency(law))))
}
