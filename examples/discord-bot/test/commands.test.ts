import { seededRandom } from '@evenkeel/core/testing'
import { describe, expect, it } from 'vitest'
import type { BotStatus } from '../src/bot-status.ts'
import type { CommandBot } from '../src/commands/command.ts'
import { askOf } from '../src/commands/commands.ts'
import { parseCommand } from '../src/commands/parse-command.ts'
import { parseDelay } from '../src/commands/parse-delay.ts'
import { parseDice } from '../src/commands/parse-dice.ts'

const status: BotStatus = {
  upMs: 61_000,
  socket: 'open',
  rttMs: 12.4,
  sessions: { started: 1, resumed: 2 },
  identifies: 999,
  circuit: 'closed',
  budgetTokens: 9.75,
  cooldownMs: 0,
  queued: 0,
  buckets: 3,
  emptyBuckets: 1,
  pendingReplies: 0,
  reminders: 0,
  answered: 4,
}

const bot: CommandBot = {
  random: seededRandom(1),
  status,
  pingApi: async () => 34.4,
  remind: () => true,
}

const answer = (content: string, changes: Partial<CommandBot> = {}) =>
  askOf(content)?.answer({ ...bot, ...changes })

describe('parseCommand', () => {
  it.each([
    ['!ping', 'ping', ''],
    ['  !PING  ', 'ping', ''],
    ['!echo  a  b ', 'echo', 'a  b'],
    ['!echo\nfirst\nsecond', 'echo', 'first\nsecond'],
  ])('reads %j', (content, name, args) => {
    expect(parseCommand(content)).toEqual({ name, args })
  })

  it.each(['', 'ping', '! ping', '!', '!!', '!?', '!ping!', 'say !ping', '!2d6'])(
    'takes %j for conversation',
    (content) => {
      expect(parseCommand(content)).toBeUndefined()
    },
  )
})

describe('parseDice', () => {
  it.each([
    ['', 1, 6, 0],
    ['d20', 1, 20, 0],
    ['2d6', 2, 6, 0],
    ['3D8+2', 3, 8, 2],
    ['100d1000-1000', 100, 1000, -1000],
  ])('reads %j', (text, count, sides, plus) => {
    expect(parseDice(text)).toEqual({ count, sides, plus })
  })

  it.each(['6', '0d6', '2d1', '101d6', '1d1001', '2d6+', '-1d6', 'd', '2d6x', '1e3d6'])(
    'has nothing to do with %j',
    (text) => {
      expect(parseDice(text)).toBeUndefined()
    },
  )
})

describe('parseDelay', () => {
  it.each([
    ['10s tea', 10_000, 'tea'],
    ['1h30m stand up', 5_400_000, 'stand up'],
    ['1H1M1S x', 3_661_000, 'x'],
    ['24h', 86_400_000, ''],
  ])('reads %j', (text, delayMs, rest) => {
    expect(parseDelay(text)).toEqual({ delayMs, rest })
  })

  it.each(['', 'tea', '10 tea', '10sec tea', '0s now', '24h1s late', '1s1h x', '-5s x', '1.5h x'])(
    'has nothing to do with %j',
    (text) => {
      expect(parseDelay(text)).toBeUndefined()
    },
  )
})

describe('commands', () => {
  it('leave what is not theirs to others', () => {
    expect(askOf('!dance')).toBeUndefined()
    expect(askOf('hello')).toBeUndefined()
    expect(askOf('!constructor')).toBeUndefined()
  })

  it('!echo says it again, and wants something to say', async () => {
    expect(await answer('!echo two  words')).toBe('two  words')
    expect(await answer('!echo')).toBe('There is nothing to say. `!echo text`')
  })

  it('!ping tells both round trips, or why there is none', async () => {
    expect(await answer('!ping')).toBe('Pong! REST: 34 ms, gateway: 12 ms.')
    const down = {
      pingApi: async () => 'CIRCUIT_OPEN, back in 4 s',
      status: { ...status, rttMs: undefined },
    }
    expect(await answer('!ping', down)).toBe(
      'Pong! REST: CIRCUIT_OPEN, back in 4 s, gateway: not measured yet.',
    )
  })

  it('!roll shows each die and the sum, from the least to the most', async () => {
    expect(await answer('!roll', { random: () => 0 })).toBe('1')
    expect(await answer('!roll d20', { random: () => 0.999 })).toBe('20')
    expect(await answer('!roll 2d6 + 1', { random: () => 0.5 })).toBe('4 + 4 + 1 = **9**')
    expect(await answer('!roll 1d6-2', { random: () => 0 })).toBe('1 − 2 = **-1**')
    expect(await answer('!roll lots')).toMatch(/^From 1 to 100 dice .* `!roll \[2d6\+1\]`$/)
  })

  it('!remind passes on when and what, and says when there is no room', async () => {
    const asked: unknown[] = []
    const remind = (...args: unknown[]) => asked.push(args) < 2
    expect(await answer('!remind 90s drink tea', { remind })).toBe('In 90 s.')
    expect(asked).toEqual([[90_000, 'Reminder: drink tea']])
    expect(await answer('!remind 1s x', { remind })).toBe('Too many wait already. Try later.')
    for (const useless of ['!remind', '!remind 10s', '!remind tea 10s'])
      expect(await answer(useless)).toBe('When, and of what? `!remind 10s text`')
  })

  it('!status tells of connection, circuit, budget and limits', async () => {
    expect(await answer('!status', { status: { ...status, cooldownMs: 2100 } })).toBe(
      [
        'up for 61 s, 4 answered, 0 on their way, 0 to remind of',
        'gateway: open, 1 sessions begun, 2 resumed, 999 starts left today',
        'REST: circuit closed, 9.75 retries in the budget, quiet for 3 s more',
        'limits: 3 buckets known, 1 empty, 0 calls waiting',
      ].join('\n'),
    )
  })

  it('!help lists all', async () => {
    const lines = (await answer('!help'))?.split('\n') ?? []
    const names = lines.map((line) => /^`!([a-z]+)/.exec(line)?.[1])
    expect(names).toEqual(['ping', 'echo', 'roll', 'remind', 'status', 'help'])
    for (const name of names) expect(askOf(`!${name}`)?.name).toBe(name)
  })
})
