/** What is wrong with one field, as Discord lists it under `_errors`. */
export interface FieldError {
  readonly code: string
  readonly message: string
}

/** An answer of Discord's that is no success: `{ message, code, errors? }` with its status. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: number
  readonly errors: object | undefined

  constructor(status: number, code: number, message: string, errors?: object) {
    super(message)
    this.status = status
    this.code = code
    this.errors = errors
  }

  body(): string {
    const { message, code, errors } = this
    return JSON.stringify({ message, code, ...(errors && { errors }) })
  }
}

/** Codes of Discord's opcodes and status codes page. */
export const unknown = {
  channel: () => new ApiError(404, 10003, 'Unknown Channel'),
  guild: () => new ApiError(404, 10004, 'Unknown Guild'),
  member: () => new ApiError(404, 10007, 'Unknown Member'),
  message: () => new ApiError(404, 10008, 'Unknown Message'),
  user: () => new ApiError(404, 10013, 'Unknown User'),
  emoji: () => new ApiError(400, 10014, 'Unknown Emoji'),
  webhook: () => new ApiError(404, 10015, 'Unknown Webhook'),
  voiceState: () => new ApiError(404, 10065, 'Unknown Voice State'),
  route: () => new ApiError(404, 0, '404: Not Found'),
}

/** What is known but not done, by the same page. */
export const refused = {
  unauthorized: () => new ApiError(401, 0, '401: Unauthorized'),
  invalidWebhookToken: () => new ApiError(401, 50027, 'Invalid Webhook Token'),
  anothersMessage: () => new ApiError(403, 50005, 'Cannot edit a message authored by another user'),
  method: () => new ApiError(405, 0, '405: Method Not Allowed'),
  tooLarge: () => new ApiError(413, 40005, 'Request entity too large'),
  notInVoice: () => new ApiError(400, 40032, 'Target user is not connected to voice.'),
  emptyMessage: () => new ApiError(400, 50006, 'Cannot send an empty message'),
  deleteCount: () =>
    new ApiError(
      400,
      50016,
      'Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete',
    ),
  deleteOld: () =>
    new ApiError(400, 50034, 'You can only bulk delete messages that are under 14 days old.'),
  systemAction: () => new ApiError(400, 50024, 'Cannot execute action on this channel type'),
  tooManyPins: () =>
    new ApiError(400, 30003, 'Maximum number of pins reached for the channel (50)'),
  tooManyReactions: () => new ApiError(400, 30010, 'Maximum number of reactions reached (20)'),
  tooManyParts: (max: number) =>
    new ApiError(400, 50035, `A batch may have ${max} requests at most`),
  json: () => new ApiError(400, 50109, 'The request body contains invalid JSON.'),
}

/** A body that breaks the form, with what is wrong at each path, as in `embeds.0.title`. */
export function invalidForm(fields: Readonly<Record<string, FieldError>>): ApiError {
  const errors: Record<string, unknown> = {}
  for (const [path, error] of Object.entries(fields)) {
    let at = errors
    for (const key of path.split('.')) {
      at[key] ??= {}
      at = at[key] as Record<string, unknown>
    }
    at._errors = [error]
  }
  return new ApiError(400, 50035, 'Invalid Form Body', errors)
}
