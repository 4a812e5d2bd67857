import type { Hub, OpenHub } from './hub.ts'
import type { Session } from './session.ts'

/** Says in a dispatch what the server asks of its whole fleet; nothing while it asks nothing. */
export function tellHint({ fleetHint, options }: Hub, session: Session): void {
  if (fleetHint === undefined) return
  session.dispatch('FLEET_HINT', JSON.stringify({ fleet_hint: fleetHint }), options.maxReplay)
}

/** How the level reaches sockets: HELLO has it, READY and RESUMED are followed by it, and news go out at once. */
export class HintChannel {
  readonly #hub: OpenHub

  constructor(hub: OpenHub) {
    this.#hub = hub
  }

  publish(field: string | undefined, isNews: boolean): void {
    this.#hub.fleetHint = field
    if (!isNews) return
    for (const session of this.#hub.sessions) if (session.connection) tellHint(this.#hub, session)
  }

  /** How long all sessions take to come back, and a tenth; `undefined` where as many as like may come at once. */
  get comebackMs(): number | undefined {
    const { sessions, options } = this.#hub
    if (options.acceptPerSecond === Number.POSITIVE_INFINITY) return undefined
    return (1_100 * sessions.size) / options.acceptPerSecond
  }
}
