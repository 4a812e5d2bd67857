import { setTimeout as wait } from 'node:timers/promises'
import { fixedIds, type Incident, type SocketsPatch, startIncident } from '@evenkeel/mock-discord'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { type Bot, type BotOptions, startBot } from '../src/bot.ts'
import { person } from '../src/mock/person.ts'

/** The bot's requests, not those of the people it talks to. */
export const ofBot = { client: 'Bot token' } as const

/** What the bot has logged, as JSON. */
interface LogLine {
  readonly level: number
  readonly msg: string
  readonly [fact: string]: unknown
}

/** Waits that fit a test: a mock restarts in milliseconds, where Discord takes its minutes. */
const quick: Partial<BotOptions> = {
  pauseMs: [100, 300],
  fetch: { attemptTimeoutMs: 1500 },
  socket: {
    reconnect: {
      firstWindowMs: 50,
      minDelayMs: 5,
      maxDelayMs: 200,
      herdWindowMs: 200,
      maxHerdDelayMs: 400,
      minUptimeMs: 0,
      closeCodes: { 1001: 'retry', 1012: 'retry' },
    },
  },
}

/** A mock, the bot on it, and Ada, who asks. */
export async function botWorld(sockets: SocketsPatch = {}, options: Partial<BotOptions> = {}) {
  const mock = await startIncident({
    preset: 'bounded',
    // One channel is all that is talked in: its bucket would make every test a test of that.
    limits: { routes: { 'message-write': { limit: 50, windowMs: 1000 } } },
    sockets: { heartbeatIntervalMs: 500, identifyWindowMs: 0, ...sockets },
  })
  const lines: LogLine[] = []
  const log = pino(
    { level: 'debug' },
    { write: (line: string) => lines.push(JSON.parse(line) as LogLine) },
  )
  const bot = startBot({ token: 'token', apiUrl: mock.apiUrl, log, ...quick, ...options })
  onTestFinished(async () => {
    await bot.close(0)
    await mock.close()
  })
  const ada = person(mock, 'ada')
  const say = (content: string) => ada.say(content, fixedIds.firstChannel)
  const logged = (text: string) => lines.filter(({ msg }) => msg.includes(text))
  return { mock, bot, say, lines, logged, ...answersOf(mock) }
}

/** Waits for as long as the test may take: how quick a busy machine is decides nothing. */
export async function until<T>(find: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = find()
    if (found !== undefined && found !== false) return found
    await wait(10)
  }
}

/** Waits until the bot has a session. */
export const online = (bot: Bot, sessions = 1): Promise<unknown> =>
  until(() => bot.status.sessions.started >= sessions && bot.status.socket === 'open')

function answersOf({ store }: Incident) {
  const answers = (id: string): string[] =>
    [...store.messages(fixedIds.firstChannel).all()]
      .filter(({ data }) => data.message_reference?.message_id === id && data.author.bot)
      .map(({ data }) => data.content)
  /** The first answer to a message, when it is there. */
  const answer = (id: string): Promise<string> => until(() => answers(id)[0])
  return { answers, answer }
}
