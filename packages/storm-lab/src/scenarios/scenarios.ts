import type { Scenario } from '../scenario/scenario.ts'
import { cascade } from './cascade.ts'
import { gatewayRestart } from './gateway-restart.ts'
import { incident2022 } from './incident-2022.ts'
import { incidentReplay } from './incident-replay.ts'
import { outage60s } from './outage.ts'
import {
  badDeploy,
  brownOut,
  mobileDrop,
  partialOutage,
  regionalFailover,
  slowDependency,
  thunderingReload,
} from './troubles.ts'

/** What comes with the lab. */
export type ScenarioName =
  | 'bad-deploy'
  | 'brown-out'
  | 'cascade'
  | 'gateway-restart'
  | 'incident-2022'
  | 'incident-replay'
  | 'mobile-drop'
  | 'outage-60s'
  | 'partial-outage'
  | 'regional-failover'
  | 'slow-dependency'
  | 'thundering-reload'

/** The scenarios that come with the lab, by name. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  'bad-deploy': badDeploy,
  'brown-out': brownOut,
  cascade,
  'gateway-restart': gatewayRestart,
  'incident-2022': incident2022,
  'incident-replay': incidentReplay,
  'mobile-drop': mobileDrop,
  'outage-60s': outage60s,
  'partial-outage': partialOutage,
  'regional-failover': regionalFailover,
  'slow-dependency': slowDependency,
  'thundering-reload': thunderingReload,
}
