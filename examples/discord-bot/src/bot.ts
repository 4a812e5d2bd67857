import {
  type Clock,
  errorCode,
  type Random,
  retryAfterMs,
  systemClock,
  systemRandom,
} from '@evenkeel/core'
import type { FetchOptions } from '@evenkeel/fetch'
import { type ResilientSocketOptions, resilientSocket } from '@evenkeel/websocket'
import { discordGateway, identifyBudget } from '@evenkeel/websocket/discord'
import type { APIMessage, GatewayDispatchPayload } from 'discord-api-types/v10'
import type { Logger } from 'pino'
import { Answerer } from './answerer.ts'
import type { BotStatus } from './bot-status.ts'
import { discard } from './discard.ts'
import { discordApi } from './discord-api.ts'
import { GatewayAddress } from './gateway-address.ts'
import type { Patience } from './keep-trying.ts'
import { logCalls, logSocket } from './log-life.ts'
import { readMessage } from './message.ts'
import { MissedMessages } from './missed-messages.ts'
import { Reminders } from './reminders.ts'
import { Replies } from './replies.ts'
import { sayWait } from './say-wait.ts'

/** What {@link startBot} is told. */
export interface BotOptions {
  readonly token: string
  /** @defaultValue Discord's */
  readonly apiUrl?: string | undefined
  readonly log: Logger
  /** How fetch and socket differ from their defaults. */
  readonly fetch?: FetchOptions | undefined
  readonly socket?: ResilientSocketOptions | undefined
  /** The wait before what fetch has given up, where nobody says when to come back. @defaultValue 5 to 15 s */
  readonly pauseMs?: Patience['pauseMs'] | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
}

/** A bot that runs. */
export interface Bot {
  readonly status: BotStatus
  /** Resolves when the connection has ended for good, with why. */
  readonly ended: Promise<string>
  /** Hears no more commands, lets what it answers go out for so long, and leaves. @defaultValue 10_000 */
  close(drainMs?: number): Promise<void>
}

// Guilds, messages in them and directly, and what they say.
const intents = (1 << 0) | (1 << 9) | (1 << 12) | (1 << 15)

/** With the length of a call, 60 s, this is less than the few minutes for which Discord knows a nonce. */
const keepsTryingMs = 120_000

/** Connects, and answers commands: each once, however often it is heard. */
export function startBot(options: BotOptions): Bot {
  const { token, apiUrl = 'https://discord.com/api', log, pauseMs = [5000, 15_000] } = options
  const { clock = systemClock, random = systemRandom } = options
  const startedAtMs = clock.now()
  const closing = new AbortController()
  const { signal } = closing
  const api = discordApi({ apiUrl, token, fetch: { onEvent: logCalls(log), ...options.fetch } })
  const patience: Patience = { log, clock, random, signal, forMs: keepsTryingMs, pauseMs }
  const replies = new Replies(api, patience)
  const reminders = new Reminders(clock)
  const answerer = new Answerer({ replies, reminders, log, random, status, pingApi })
  const missed = new MissedMessages(api, patience, hear)
  const sessions = { started: 0, resumed: 0 }
  const identifies = identifyBudget({ clock })
  let isTokenRefused = false
  const address = new GatewayAddress(api, identifies, () => {
    isTokenRefused = true
    socket.close()
  })
  const socket = resilientSocket((dial) => address.find(dial), {
    clock,
    random,
    session: discordGateway({ token, intents, identifyBudget: identifies }),
    ...options.socket,
  })

  logSocket(socket, log)
  socket.on('sessionStarted', () => {
    sessions.started++
    missed.sessionBegan()
  })
  socket.on('sessionResumed', () => sessions.resumed++)
  socket.on('sessionLost', () => address.forget())
  socket.on('message', ({ data }) => {
    const { t, d } = data as GatewayDispatchPayload
    if (t === 'MESSAGE_CREATE') hear(d)
    else if (t === 'GUILD_CREATE') void missed.read(d)
  })

  function hear(raw: APIMessage): void {
    missed.heard(raw.id)
    const message = readMessage(raw)
    if (message) answerer.hear(message)
  }

  async function pingApi(): Promise<number | string> {
    const beganAtMs = clock.now()
    try {
      const response = await api.me(signal)
      await discard(response)
      return response.ok ? clock.now() - beganAtMs : `answered ${response.status}`
    } catch (error) {
      const waitMs = retryAfterMs(error)
      const until = waitMs === undefined ? '' : `, back in ${sayWait(waitMs)}`
      return `${errorCode(error) ?? 'no answer'}${until}`
    }
  }

  function status(): BotStatus {
    const { rateLimit, circuitBreaker } = api.policies
    const { buckets = [], cooldownMs = 0, queued = 0 } = rateLimit?.state(api.origin) ?? {}
    return {
      upMs: clock.now() - startedAtMs,
      socket: socket.state,
      rttMs: socket.rttMs,
      sessions: { ...sessions },
      identifies: identifies.remaining,
      circuit: circuitBreaker?.state(api.origin) ?? 'off',
      budgetTokens: api.budget.tokens(api.origin),
      cooldownMs,
      queued,
      buckets: buckets.length,
      emptyBuckets: buckets.filter(({ remaining }) => remaining === 0).length,
      pendingReplies: replies.pending,
      reminders: reminders.pending,
      answered: answerer.answered,
    }
  }

  return {
    get status() {
      return status()
    },
    ended: socket
      .closed()
      .then(({ stop, code, reason }) =>
        isTokenRefused ? 'Discord refuses the token' : `${stop} (${code} ${reason})`.trim(),
      ),
    async close(drainMs = 10_000) {
      socket.close(1000)
      reminders.close()
      const timer = clock.scheduleAt(clock.now() + drainMs, () => closing.abort())
      await answerer.close()
      timer.cancel()
      closing.abort()
      api.policies.rateLimit?.close()
      await socket.closed()
    },
  }
}
