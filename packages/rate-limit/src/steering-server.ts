export type { IncomingLike, OutgoingLike } from './node-like.ts'
export { type AnswerableLike, policyDocument, publishPolicy } from './steering/publish-policy.ts'
export { formatServerPolicy, type ServerPolicy } from './steering/server-policy.ts'
