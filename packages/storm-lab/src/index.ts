export type { AutoscalerOptions } from './backend/autoscaler.ts'
export type { BackendChange, BackendOptions } from './backend/backend-options.ts'
export type { ClientLimitOptions } from './backend/client-limit.ts'
export type { Faults, GatewayOptions } from './backend/gateway-options.ts'
export type { HintOptions } from './backend/hint-publisher.ts'
export type { LimiterOptions } from './backend/limiter.ts'
export type { Scalability } from './backend/scalability.ts'
export type { StationOptions } from './backend/station-options.ts'
export type { Discipline } from './backend/waiting-line.ts'
export {
  type Cohort,
  type Contender,
  contender,
  mixed,
  rolledOut,
  type Shell,
  shell,
} from './contenders/contender.ts'
export { type ContenderName, contenders } from './contenders/contenders.ts'
export { withSockets } from './contenders/sockets.ts'
export type { ClientRules, RetryRules } from './policy/client-rules.ts'
export {
  type CostWeightedRules,
  costWeighted,
  type FleetBudget,
  type FleetBudgetKind,
} from './policy/fleet-budget.ts'
export type { CooldownRules } from './policy/gates.ts'
export { awsQuota, finagleReserve, grpcThrottling } from './policy/peer-budgets.ts'
export type {
  CohortFigures,
  ContenderReport,
  PhaseFigures,
  Quantiles,
  Report,
  ScenarioFacts,
  Series,
  SocketFigures,
  StormMetrics,
} from './report/report.ts'
export { type Progress, type RunOptions, runStorm } from './run-storm.ts'
export { defineScenario } from './scenario/define-scenario.ts'
export type {
  Change,
  Load,
  Network,
  OfflinePeriod,
  Phase,
  Pulse,
  Region,
  Reloads,
  Scenario,
  UserClass,
} from './scenario/scenario.ts'
export type { SocketDrop, SocketFleet } from './scenario/socket-fleet.ts'
export { minutes, seconds } from './scenario/units.ts'
export { boundedBackend, legacyBackend, prioBackend } from './scenarios/backends.ts'
export { type ScenarioName, scenarios } from './scenarios/scenarios.ts'
export type { ClientCall, ClientPlatform, Connect } from './shells/connect.ts'
export { type HerdOptions, type HerdReport, runHerd } from './sockets/herd.ts'
export {
  backoffSockets,
  evenkeelSockets,
  type ReconnectKind,
  type Reconnects,
} from './sockets/reconnects.ts'
