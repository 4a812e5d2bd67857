/**
 * How service time grows with concurrency: Neil J. Gunther's Universal Scalability Law
 * (*Guerrilla Capacity Planning*, 2007), X(n) = (n / s0) / (1 + σ(n − 1) + κn(n − 1)).
 */
export interface Scalability {
  /** s0: the mean time in ms of a job that is alone. */
  readonly serviceMs: number
  /** σ: contention, the share of the work that must queue for something common. */
  readonly sigma: number
  /** κ: coherency, the price of keeping each pair in agreement; with it throughput *falls* beyond the knee. */
  readonly kappa: number
}

/** Gives the mean time in ms of a job while `concurrency` are in service: n / X(n). */
export function serviceTimeMs(law: Scalability, concurrency: number): number {
  const { serviceMs, sigma, kappa } = law
  return serviceMs * (1 + sigma * (concurrency - 1) + kappa * concurrency * (concurrency - 1))
}

/** Gives the jobs a second that `concurrency` jobs in service make: X(n). */
export function throughputPerSecond(law: Scalability, concurrency: number): number {
  return (1000 * concurrency) / serviceTimeMs(law, concurrency)
}

/** Gives the whole concurrency of the highest throughput, √((1 − σ) / κ) rounded; `Infinity` when nothing falls. */
export function kneeConcurrency(law: Scalability): number {
  const { sigma, kappa } = law
  if (kappa === 0) return Number.POSITIVE_INFINITY
  const knee = Math.sqrt(Math.max(0, 1 - sigma) / kappa)
  const below = Math.max(1, Math.floor(knee))
  return throughputPerSecond(law, below) >= throughputPerSecond(law, below + 1) ? below : below + 1
}

/**
 * Gives the law of a system in which one job stands for `weight` of the original's: X'(n) = X(weight·n) / weight,
 * exactly. With D(n) the law's denominator and C = D(weight): s0' = C·s0, κ' = κ·weight² / C,
 * σ' = (σ·weight + κ·weight·(weight − 1)) / C.
 */
export function weighed(law: Scalability, weight: number): Scalability {
  const { serviceMs, sigma, kappa } = law
  const c = 1 + sigma * (weight - 1) + kappa * weight * (weight - 1)
  return {
    serviceMs: c * serviceMs,
    sigma: (sigma * weight + kappa * weight * (weight - 1)) / c,
    kappa: (kappa * weight ** 2) / c,
  }
}
