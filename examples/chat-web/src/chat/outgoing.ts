/** What a message of this user is waiting for. Times are those of the app's clock. */
export type SendStatus =
  /** Its turn: the one before it in the channel, a network, or the end of a wait. */
  | { readonly kind: 'queued' }
  /** The server's answer. */
  | { readonly kind: 'sending'; readonly attempt: number }
  /** A limit: so many at a time, or quiet for a while. */
  | { readonly kind: 'held'; readonly untilMs: number | undefined }
  /** The next attempt. */
  | {
      readonly kind: 'retrying'
      readonly attempt: number
      readonly untilMs: number
      readonly because: string
    }
  /** The user, who may try again or discard it; not worth it before `untilMs`. */
  | { readonly kind: 'failed'; readonly because: string; readonly untilMs: number | undefined }

/** A message that the server does not have yet, as far as is known. */
export interface Outgoing {
  /** The same on every attempt, by which the server knows it again. */
  readonly nonce: string
  readonly channelId: string
  readonly content: string
  readonly files: readonly File[]
  readonly status: SendStatus
}

/** The outgoing messages with one of them in another state. */
export function withStatus(
  outgoing: readonly Outgoing[],
  nonce: string,
  status: SendStatus,
): readonly Outgoing[] {
  return outgoing.map((each) => (each.nonce === nonce ? { ...each, status } : each))
}

/** The outgoing messages without those that have arrived. */
export function withoutNonces(
  outgoing: readonly Outgoing[],
  nonces: ReadonlySet<string | undefined>,
): readonly Outgoing[] {
  return outgoing.some(({ nonce }) => nonces.has(nonce))
    ? outgoing.filter(({ nonce }) => !nonces.has(nonce))
    : outgoing
}
