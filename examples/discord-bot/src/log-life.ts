import { errorCode } from '@evenkeel/core'
import type { FetchCall, FetchEvent } from '@evenkeel/fetch'
import type { ResilientSocket } from '@evenkeel/websocket'
import type { Logger } from 'pino'
import { sayWait } from './say-wait.ts'

const nameOf = (call: FetchCall): string => `${call.method} ${new URL(call.url).pathname}`

function why(error: unknown): string {
  const { status } = error as { status?: number }
  return status === undefined ? (errorCode(error) ?? String(error)) : `${status}`
}

/** Tells of the life of calls: what waits, for how long and why. */
export function logCalls(log: Logger): (event: FetchEvent) => void {
  return (event) => {
    switch (event.type) {
      case 'retryScheduled': {
        const { attempt, error, delayMs } = event
        const facts = { call: nameOf(event.tag as FetchCall), attempt, why: why(error) }
        return log.warn(facts, `retrying in ${sayWait(delayMs)}`)
      }
      case 'gaveUp':
        return log.warn({ reason: event.reason, attempts: event.attempts }, 'no more retries')
      case 'cooldownStarted':
        return log.warn(
          { says: event.source },
          `Discord needs quiet: no call for ${sayWait(event.waitMs)}`,
        )
      case 'cooldownEnded':
        return log.info('calls go out again')
      case 'parked':
        return log.debug({ route: event.route, queued: event.queued }, 'waiting for a bucket')
      case 'opened':
        return log.warn(
          { reason: event.reason },
          `circuit open: a probe in ${sayWait(event.openMs)}`,
        )
      case 'closed':
        return log.info('circuit closed')
      case 'failed':
        return log.warn(
          { call: nameOf(event.call), attempts: event.attempts, why: why(event.error) },
          'call failed',
        )
      case 'succeeded':
        return log.debug(
          { call: nameOf(event.call), attempts: event.attempts, status: event.status },
          'call done',
        )
    }
  }
}

/** Tells of the life of the connection. */
export function logSocket(socket: ResilientSocket, log: Logger): void {
  socket.on('sessionStarted', ({ id }) => log.info({ session: id }, 'session begun'))
  socket.on('sessionResumed', ({ id }) => log.info({ session: id }, 'session resumed'))
  socket.on('sessionLost', ({ id, reason }) => log.warn({ session: id, reason }, 'session lost'))
  socket.on('disconnected', ({ code, reason, cause, status, failures }) =>
    log.warn({ cause, code, reason, status, failures }, 'connection lost'),
  )
  socket.on('reconnectScheduled', ({ delayMs, attempt }) =>
    log.info({ attempt }, `dialling in ${sayWait(delayMs)}`),
  )
  socket.on('closed', ({ code, reason, stop }) => log.info({ code, reason, stop }, 'closed'))
}
