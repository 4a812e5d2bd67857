import { json, type Route, type RouteContext } from './route.ts'

const url = ({ baseUrl, gateway }: RouteContext) =>
  gateway.options.url || baseUrl.replace(/^http/, 'ws')

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
      json({ url: url(context), ...context.gateway.botInfo(context.credential) }),
  },
]
