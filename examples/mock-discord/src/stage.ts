/** One API request, as the stages in front of the routes see it. */
export interface ApiRequest {
  readonly id: number
  readonly method: string
  /** Decoded, without `/api/v10`. */
  readonly path: string
  /** The template, as in `/channels/:channel/messages`. */
  readonly route: string
  readonly service: 'gateway' | 'messages' | 'voice' | 'files' | 'users'
  readonly write: boolean
  /** The Authorization header, else the ip. */
  readonly credential: string
  /** The `x-client-id` header, else the credential. */
  readonly client: string
  /** From the request header `x-attempt`; 1 when absent. */
  readonly attempt: number
  readonly priority: 'critical' | 'important' | 'deferred'
  /** From the request header `fleet-level`: by which level of the fleet hint it was sent. */
  readonly level: number | undefined
  /** Aborted when the client has closed its connection before the reply. */
  readonly gone: AbortSignal
  /** Whether that has happened; costs less than asking for the signal. */
  readonly isGone: boolean
}

/** What a stage or a route answers; no body at all is `undefined`. */
export interface ApiReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/**
 * Passed by every API request before its route answers: a reply ends the request, `undefined` lets
 * it go on, `drop` cuts the connection.
 */
export type Stage = (
  request: ApiRequest,
) => ApiReply | 'drop' | undefined | Promise<ApiReply | 'drop' | undefined>
