import { createFetch, type FetchEvent } from '@evenkeel/fetch'
import { resilientSocket, type WebSocketConstructor } from '@evenkeel/websocket'
import { discordGateway } from '@evenkeel/websocket/discord'
import WebSocket from 'ws'
import type { AppCall, World } from './world.ts'

/** Of its constructor's overloads TypeScript sees the last one only. */
const Socket = WebSocket as unknown as WebSocketConstructor

/** Tells a call of the attempts made for it. */
function count(event: FetchEvent): void {
  if (event.type === 'attemptStarted') (event.call.tag as AppCall).onAttempt(event.attempt)
}

/** `createFetch` and `resilientSocket` with their defaults; what they are given here only scales time and counts. */
export const evenkeel: World = {
  name: 'evenkeel',
  title: 'evenkeel',
  description: 'createFetch() and resilientSocket(), their defaults',
  createApp({ fetch, clock }) {
    const resilientFetch = createFetch({ fetch, clock, attemptHeader: 'x-attempt', onEvent: count })
    return (call) =>
      resilientFetch(call.url, {
        ...call.init,
        signal: call.patience,
        evenkeel: { tag: call },
      })
  },
  keepSocket({ url, token, clock, watch }) {
    const session = discordGateway({ token, intents: 0, compress: false })
    const socket = resilientSocket(url, { WebSocket: Socket, clock, session })
    socket.on('dialStarted', watch.dialled)
    socket.on('sessionStarted', watch.ready)
    socket.on('sessionResumed', watch.ready)
    socket.on('disconnected', watch.lost)
    return new Promise((_, reject) => {
      socket.on('closed', ({ stop }) => reject(new Error(`The socket stopped: ${stop}`)))
    })
  },
}
