import { EvenkeelError } from '@evenkeel/core'

/** Statuses whose responses have no body (Fetch standard, "null body status"). */
const bodiless = [101, 103, 204, 205, 304]

/** The response of one part; an error when it is none. */
export function partResponse(
  url: URL,
  status: number,
  headers: HeadersInit,
  body: BodyInit | undefined,
): Response | Error {
  try {
    const response = new Response(bodiless.includes(status) ? null : body, {
      status,
      headers,
    })
    return Object.defineProperty(response, 'url', { value: url.href })
  } catch (cause) {
    return malformed(cause)
  }
}

/** What a caller gets whose part of the answer is no response. */
export function malformed(cause?: unknown): EvenkeelError {
  return new EvenkeelError(
    'BATCH_RESPONSE_MALFORMED',
    'A part of the batch’s answer is no response',
    {
      cause,
      reached: 'yes',
    },
  )
}

/** What a caller gets for whom the answer has no part. */
export function missing(): EvenkeelError {
  return new EvenkeelError('BATCH_RESULT_MISSING', 'The answer has no part for this request', {
    reached: 'yes',
  })
}
