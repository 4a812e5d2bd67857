import type { Priority } from '@evenkeel/core'
import type { IncomingLike, OutgoingLike } from '../node-like.ts'
import type { FleetController } from './fleet-controller.ts'
import { fleetLevelField, formatFleetHint } from './fleet-hint-field.ts'

/** What {@link publishFleetHint} can be told. */
export interface PublishOptions<Request extends IncomingLike> {
  /** How much a request matters. @defaultValue its `X-Priority` field, else `important` */
  readonly priorityOf?: ((request: Request) => Priority) | undefined
  /** Whether a request is a retry, which does not count as demand. @defaultValue whether `X-Attempt` is above 1 */
  readonly isRetry?: ((request: Request) => boolean) | undefined
  /** How many requests wait, or whether more do than the service does in a moment: what `FleetController.hint` is told. */
  readonly isBehind: () => boolean | number
}

const named = /^(critical|important|deferred)$/

/** A middleware for Node (Express, Connect, or called by hand) that counts every request and puts the level on every response. */
export function publishFleetHint<Request extends IncomingLike>(
  controller: FleetController,
  {
    priorityOf = ({ headers }) => {
      const priority = String(headers['x-priority'])
      return named.test(priority) ? (priority as Priority) : 'important'
    },
    isRetry = ({ headers }) => Number(headers['x-attempt']) > 1,
    isBehind,
  }: PublishOptions<Request>,
): (request: Request, response: OutgoingLike, next?: () => void) => void {
  return (request, response, next) => {
    const said = Number(request.headers[fleetLevelField.toLowerCase()] || NaN)
    if (!isRetry(request)) controller.count(priorityOf(request), said)
    response.setHeader('Fleet-Hint', formatFleetHint(controller.hint(isBehind())))
    next?.()
  }
}
