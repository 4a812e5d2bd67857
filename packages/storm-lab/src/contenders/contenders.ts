import type { Contender } from './contender.ts'
import { evenkeel, evenkeelHinted } from './evenkeel.ts'
import {
  awsBudgeted,
  breakerOnly,
  endlessLoop,
  finagleBudgeted,
  fixedDelay,
  grpcBudgeted,
  immediate,
  noRetries,
  patientPrescription,
  pRetryFormula,
  prescription,
  sreThrottle,
} from './peers.ts'
import { evenkeelShell, pRetryShell } from './shells.ts'

/** Who comes with the lab. */
export type ContenderName =
  | 'no-retries'
  | 'fixed-1s'
  | 'immediate'
  | 'endless-loop'
  | 'p-retry'
  | 'prescription'
  | 'prescription-60s'
  | 'aws-budget'
  | 'grpc-budget'
  | 'finagle-budget'
  | 'breaker-only'
  | 'sre-throttle'
  | 'evenkeel'
  | 'evenkeel-hint'
  | 'evenkeel-shell'
  | 'p-retry-shell'

/** The contenders that come with the lab, by name. */
export const contenders: Readonly<Record<ContenderName, Contender>> = {
  'no-retries': noRetries,
  'fixed-1s': fixedDelay,
  immediate,
  'endless-loop': endlessLoop,
  'p-retry': pRetryFormula,
  prescription,
  'prescription-60s': patientPrescription,
  'aws-budget': awsBudgeted,
  'grpc-budget': grpcBudgeted,
  'finagle-budget': finagleBudgeted,
  'breaker-only': breakerOnly,
  'sre-throttle': sreThrottle,
  evenkeel,
  'evenkeel-hint': evenkeelHinted,
  'evenkeel-shell': evenkeelShell,
  'p-retry-shell': pRetryShell,
}
