import type { Reached } from '@evenkeel/core'
import { addToBucket, awsRefund, grpcTokens, type LeakyBucket, leakyBucket } from '@evenkeel/retry'
import type { FleetBudgetKind } from './fleet-budget.ts'

/** The quota of the AWS SDKs, as `awsBudget()` of @evenkeel/retry with its defaults: 500 tokens, 5 a retry, 10 after silence. */
export function awsQuota(): FleetBudgetKind {
  const capacity = 500
  const priceOf = (reached: Reached): number => (reached === 'maybe' ? 10 : 5)
  return (clients) => {
    const tokens = new Float64Array(clients).fill(capacity)
    return {
      onSuccess(client, paidFor) {
        const paid = paidFor && priceOf(paidFor)
        tokens[client] = awsRefund(tokens[client] as number, paid, capacity)
      },
      tryTake(client, reached) {
        const price = priceOf(reached)
        if ((tokens[client] as number) < price) return false
        tokens[client] = (tokens[client] as number) - price
        return true
      },
      forget(client) {
        tokens[client] = capacity
      },
    }
  }
}

/** gRPC's throttling of retries, as `grpcBudget()` of @evenkeel/retry with its defaults: 10 tokens, 0.1 back for a success. */
export function grpcThrottling(): FleetBudgetKind {
  const maxTokens = 10
  const count = (tokens: number, succeeded: boolean): number =>
    grpcTokens(tokens, succeeded, maxTokens, 0.1)
  return (clients) => {
    const tokens = new Float64Array(clients).fill(maxTokens)
    return {
      onSuccess(client) {
        tokens[client] = count(tokens[client] as number, true)
      },
      onFailure(client) {
        tokens[client] = count(tokens[client] as number, false)
      },
      tryTake: (client) => (tokens[client] as number) > maxTokens / 2,
      forget(client) {
        tokens[client] = maxTokens
      },
    }
  }
}

/** Finagle's RetryBudget, as `finagleBudget()` of @evenkeel/retry with its defaults: a fifth of the calls of 10 s, and 100 more. */
export function finagleReserve(): FleetBudgetKind {
  const ttlMs = 10_000
  const deposit = 1000
  const price = 5000
  const reserve = 100 * price
  return (clients) => {
    const buckets: (LeakyBucket | undefined)[] = new Array(clients).fill(undefined)
    const add = (client: number, amount: number, nowMs: number): number => {
      buckets[client] ??= leakyBucket(nowMs)
      return addToBucket(buckets[client], amount, ttlMs, nowMs)
    }
    return {
      onCall(client, nowMs) {
        add(client, deposit, nowMs)
      },
      tryTake(client, _reached, nowMs) {
        const isEnough = add(client, 0, nowMs) + reserve >= price
        if (isEnough) add(client, -price, nowMs)
        return isEnough
      },
      forget(client) {
        buckets[client] = undefined
      },
    }
  }
}
