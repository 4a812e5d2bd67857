import { setTimeout as wait } from 'node:timers/promises'
import { fixedIds, type Incident, startIncident } from '@evenkeel/mock-discord'
import type { APIMessage } from 'discord-api-types/v10'
import type { Logger } from 'pino'
import { person } from './person.ts'

/** What somebody says, or what befalls the mock, and what happens then. */
type Line = readonly [afterMs: number, says: string | ((mock: Incident) => void), note?: string]

const lines: readonly Line[] = [
  [1500, '!help'],
  [1500, '!ping'],
  [1500, '!roll 2d6+1'],
  [1500, '!remind 20s look at the log'],
  [
    1500,
    (mock) => void mock.gateway.act({ kind: 'drop' }),
    'the line to the gateway is cut: what is asked now comes with the resume',
  ],
  [100, '!echo asked while nobody heard it'],
  [
    8000,
    ({ machinery }) =>
      machinery.act({
        fault: {
          fault: { kind: 'status', status: 503 },
          match: { client: 'Bot *', method: 'POST' },
          count: 2,
        },
      }),
    'the next two posts of the bot are answered 503',
  ],
  [100, '!echo asked in a bad minute'],
  [
    8000,
    (mock) => void mock.gateway.act({ kind: 'restart', downMs: 2000, sessions: 'lose' }),
    'all of it is down for 2 s, and has forgotten the session',
  ],
  [100, '!echo asked of a server that was down'],
  [8000, '!ping'],
  [1500, '!status'],
]

/** A Discord on this machine, in which Ada talks to the bot while things break. */
export async function startMockWorld(log: Logger): Promise<Incident> {
  const mock = await startIncident({ sockets: { heartbeatIntervalMs: 2000 } })
  const chat = log.child({ name: 'chat' })
  mock.store.subscribe(({ t, d }) => {
    if (t !== 'MESSAGE_CREATE') return
    const { author, content } = d as APIMessage
    chat.info(`${author.bot ? 'bot' : author.username}: ${content}`)
  })
  void talk(mock, chat)
  return mock
}

async function talk(mock: Incident, chat: Logger): Promise<void> {
  const ada = person(mock, 'ada')
  for (const [afterMs, says, note] of lines) {
    await wait(afterMs)
    if (note) chat.info(`– ${note} –`)
    if (typeof says === 'string') await ada.say(says, fixedIds.firstChannel)
    else says(mock)
  }
}
