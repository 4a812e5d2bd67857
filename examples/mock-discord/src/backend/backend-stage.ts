import type { ApiReply, ApiRequest, Stage } from '../stage.ts'
import type { Backend } from './backend.ts'
import type { JobOutcome } from './job.ts'

/** Has each request's work done before its route answers; `backend` is asked anew for each. */
export function backendStage(backend: () => Backend): Stage {
  return (request) => work(backend(), request)
}

function work(backend: Backend, request: ApiRequest): ReturnType<Stage> {
  let settle: ((outcome: JobOutcome) => void) | undefined
  let early: JobOutcome | undefined
  backend.submit(request, (outcome) => {
    if (settle) settle(outcome)
    else early = outcome
  })
  if (early) return replyTo(backend, early)
  return new Promise((resolve) => {
    settle = (outcome) => resolve(replyTo(backend, outcome))
  })
}

function replyTo(backend: Backend, outcome: JobOutcome): ApiReply | 'drop' | undefined {
  const { refusedHeaders, timeoutHeaders, retryAfter } = backend.hints
  switch (outcome) {
    case 'done':
    // Worked on to the end, an abandoned request still takes effect.
    case 'abandoned':
      return undefined
    case 'dropped':
      return 'drop'
    case 'refused':
      return errorReply(503, 'Service Unavailable', {
        ...(retryAfter === 'drain' && {
          'retry-after': String(Math.max(1, Math.ceil(backend.drainMs / 1_000))),
        }),
        ...refusedHeaders,
      })
    case 'timeout':
      return errorReply(504, 'Gateway Timeout', timeoutHeaders)
  }
}

function errorReply(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): ApiReply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ message: `${status}: ${text}`, code: 0 }),
  }
}
