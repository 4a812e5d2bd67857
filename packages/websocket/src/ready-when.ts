import { notify } from '@evenkeel/core'
import type { Session, SessionKind } from './session.ts'

/**
 * For a server that must accept a login before anything else: nothing queued is sent on a connection, nor
 * does it count as stable, before `isReady` says so of a message.
 */
export function readyWhen(isReady: (message: { readonly data: unknown }) => boolean): SessionKind {
  return {
    start: (host): Session => ({
      address: (url) => url,
      opened(line) {
        let isWaiting = true
        const accept = (message: { readonly data: unknown }): void => {
          if (!isReady(message)) return
          isWaiting = false
          line.ready()
        }
        return {
          received(data) {
            line.heard()
            host.tell('message', { data })
            if (isWaiting) notify(accept, { data })
          },
          ended() {},
        }
      },
      check() {},
      hasRoom: () => true,
      outgoing: (data) => data,
      closed() {},
    }),
  }
}
