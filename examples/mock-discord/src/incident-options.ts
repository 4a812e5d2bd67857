import type { BackendPatch } from './backend/backend-options.ts'
import type { PresetName } from './backend/presets.ts'
import type { Scale } from './backend/scaled.ts'
import type { CascadePatch } from './cascade/cascade-options.ts'
import type { LogEntry } from './cascade/log-line.ts'
import type { GatewayPatch } from './gateway/gateway-options.ts'
import type { FleetHintPatch } from './hint/fleet-hint-options.ts'

/** What the incident's machinery may be started with. */
export interface IncidentOptions {
  /** @defaultValue `legacy`, the backend that collapses */
  readonly preset?: PresetName | undefined
  /** @defaultValue 1 and 1, the incident's own size and pace */
  readonly scale?: Scale | undefined
  /** For service times, and for the share of a fault. @defaultValue 1 */
  readonly seed?: number | undefined
  /** On top of the preset. */
  readonly backend?: BackendPatch | undefined
  readonly gateway?: GatewayPatch | undefined
  /** What is published to all clients at once. @defaultValue nothing, as Discord does */
  readonly fleetHint?: FleetHintPatch | undefined
  /** How cascades are noticed, and whether the mock defends itself. @defaultValue they are, and it does not */
  readonly cascade?: CascadePatch | undefined
  /** Told of every alert, and of what the mock does by itself. @defaultValue nobody */
  readonly log?: ((entry: LogEntry) => void) | undefined
  /** One row of the time series, in ms. @defaultValue 1000 */
  readonly seriesIntervalMs?: number | undefined
}
