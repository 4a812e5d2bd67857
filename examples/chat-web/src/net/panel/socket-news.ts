import type { Loss } from '@evenkeel/websocket'

/** How a connection ended, as far as it can be told to other tabs. */
export type SocketLoss = Omit<Loss, 'error'>

/** Something that happened to the gateway's connection. */
export type SocketNews =
  | { readonly type: 'socketDialled'; readonly attempt: number }
  | { readonly type: 'socketOpened' }
  | { readonly type: 'socketLost'; readonly loss: SocketLoss; readonly failures: number }
  | { readonly type: 'socketWaits'; readonly attempt: number; readonly delayMs: number }
  | { readonly type: 'socketEnded'; readonly loss: SocketLoss }
  /** By signing out: nothing of it is of interest any more. */
  | { readonly type: 'socketLeft' }
  | { readonly type: 'sessionStarted' }
  | { readonly type: 'sessionResumed' }
  | { readonly type: 'sessionLost'; readonly reason: string }
