import type { ApiRequest } from '../src/stage.ts'

/** A request to post a message, with what is given changed. */
export function apiRequest(changes: Partial<ApiRequest> = {}): ApiRequest {
  return {
    id: 1,
    method: 'POST',
    path: '/channels/1000000000000000001/messages',
    route: '/channels/:channel/messages',
    service: 'messages',
    write: true,
    credential: 'Bot a',
    client: 'mobile-1',
    attempt: 1,
    priority: 'critical',
    level: undefined,
    gone: new AbortController().signal,
    isGone: false,
    ...changes,
  }
}
