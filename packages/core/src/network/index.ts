export {
  type Adaptation,
  adaptTo,
  maxTimeoutFactor,
  type NetworkFacts,
  noAdaptation,
} from './adaptation.ts'
export { adaptiveLimit, type LimitLike } from './adaptive-limit.ts'
export {
  type AttemptTimer,
  answeredAfter,
  attemptTimer,
  timedOutAfter,
} from './attempt-timer.ts'
export {
  type Connectivity,
  type Evidence,
  learn,
  type NetworkState,
  unknownConnectivity,
} from './connectivity.ts'
export { type DeferralOptions, deferral } from './deferral.ts'
export {
  type InterfaceSignalsOptions,
  interfaceSignals,
  type NetworkInterfacesLike,
} from './interface-signals.ts'
export { type NetInfoLike, type NetInfoStateLike, netInfo } from './net-info.ts'
export { browserConnection, type NetworkInformationLike } from './network-information.ts'
export { networkMonitor } from './network-monitor.ts'
export type {
  NetworkChanged,
  NetworkMonitor,
  NetworkMonitorOptions,
  NetworkObservation,
  NetworkSignals,
} from './network-monitor-options.ts'
export {
  browserSignals,
  type PlatformSignal,
  type PlatformSignals,
} from './platform-signals.ts'
export { effectiveTypes, type NetworkQuality, qualityOf } from './quality.ts'
export {
  type ResourceTimingLike,
  readTiming,
  resourceTimings,
  type TimingFacts,
  type TimingSource,
} from './resource-timings.ts'
