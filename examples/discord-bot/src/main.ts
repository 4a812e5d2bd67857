import process from 'node:process'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import pretty from 'pino-pretty'
import { startBot } from './bot.ts'

const usage = `Usage: start [--mock]

--mock  runs on a Discord of its own, and talks to itself for a minute

DISCORD_TOKEN  the bot's token; needed without --mock
DISCORD_API    the address of the API, by default https://discord.com/api
LOG_LEVEL      info by default; debug tells of every call
`

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
  options: { mock: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
})
const { DISCORD_TOKEN, DISCORD_API, LOG_LEVEL = 'info' } = process.env
const token = values.mock ? 'mock' : DISCORD_TOKEN
if (values.help || !token) {
  console.error(values.help ? usage : `DISCORD_TOKEN is not set.\n\n${usage}`)
  process.exit(values.help ? 0 : 2)
}

// People read lines; what collects logs reads JSON.
const isRead = process.stdout.isTTY || values.mock
const format = pretty({
  sync: true,
  singleLine: true,
  ignore: 'pid,hostname',
  translateTime: 'HH:MM:ss.l',
})
const log = isRead ? pino({ level: LOG_LEVEL }, format) : pino({ level: LOG_LEVEL })

const mock = values.mock
  ? await import('./mock/start-mock-world.ts').then(({ startMockWorld }) => startMockWorld(log))
  : undefined
if (mock) log.info(`the mock is at ${mock.url}; Ctrl-C ends it all`)
const bot = startBot({ token, apiUrl: mock?.apiUrl ?? DISCORD_API, log })

let isLeaving = false
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.on(name, async () => {
    // Who asks twice does not want to wait.
    if (isLeaving) process.exit(130)
    isLeaving = true
    log.info({ replies: bot.status.pendingReplies }, 'leaving')
    await bot.close()
    await mock?.close()
    process.exit(0)
  })

const why = await bot.ended
if (!isLeaving) {
  log.fatal(why)
  process.exit(1)
}
