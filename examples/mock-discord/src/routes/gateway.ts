import { json, type Route, type RouteContext } from './route.ts'

const url = ({ baseUrl }: RouteContext) => baseUrl.replace(/^http/, 'ws')

/** Where clients ask for the address of the WebSocket gateway. */
export const gatewayRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/gateway',
    service: 'gateway',
    priority: 'critical',
    open: true,
    handle: (context) => json({ url: url(context) }),
  },
  {
    method: 'GET',
    path: '/gateway/bot',
    service: 'gateway',
    priority: 'critical',
    handle: (context) =>
      json({
        url: url(context),
        shards: 1,
        session_start_limit: {
          total: 1_000,
          remaining: 1_000,
          reset_after: 14_400_000,
          max_concurrency: 1,
        },
      }),
  },
]
