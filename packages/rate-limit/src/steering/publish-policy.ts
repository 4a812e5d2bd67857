import type { IncomingLike, OutgoingLike } from '../node-like.ts'
import { formatServerPolicy, type ServerPolicy } from './server-policy.ts'

/** A middleware for Node (Express, Connect, or called by hand) that puts the policy on every response, while there is one. */
export function publishPolicy(
  policyNow: () => ServerPolicy | undefined,
): (request: IncomingLike, response: OutgoingLike, next?: () => void) => void {
  return (_request, response, next) => {
    const policy = policyNow()
    if (policy) response.setHeader('Evenkeel-Policy', formatServerPolicy(policy))
    next?.()
  }
}

/** A response as Node has it, to be answered with. */
export interface AnswerableLike extends OutgoingLike {
  /** Sets the status, which goes out with the head. */
  statusCode: number
  /** Sends head and body. */
  end(body?: string): unknown
}

/**
 * A handler for Node that answers with the policy as a document, for clients that poll: with an ETag, a `Cache-Control` of
 * 10 s for the CDN before it, and to pages of all origins. Without a policy it takes back the one before.
 */
export function policyDocument(
  policyNow: () => ServerPolicy | undefined,
): (request: IncomingLike, response: AnswerableLike) => void {
  return ({ headers }, response) => {
    const text = formatServerPolicy(policyNow())
    const tag = `"${text.replaceAll(' ', '')}"`
    response.setHeader('ETag', tag)
    response.setHeader('Cache-Control', 'public, max-age=10')
    response.setHeader('Access-Control-Allow-Origin', '*')
    if (headers['if-none-match'] === tag) {
      response.statusCode = 304
      response.end()
    } else {
      response.setHeader('Content-Type', 'text/plain')
      response.end(text)
    }
  }
}
