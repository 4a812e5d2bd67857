import type { GatewayGauges } from '../net/gateway.ts'
import type { ClientGauges } from '../net/resilient-client.ts'

/** What the panel shows that no event tells. */
export type Gauges = ClientGauges & GatewayGauges & { readonly isOnline: boolean }

/** The gauges of a gateway that is not there. */
export const noConnection: GatewayGauges = { rttMs: undefined, isLeader: false, waitingBytes: 0 }
