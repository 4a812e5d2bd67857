import { Command } from 'commander'
import { type SocketAction, socketActions } from '../sockets/socket-action.ts'
import { defaultSocketOptions, type SocketOptions } from '../sockets/socket-options.ts'
import type { SessionStatus, SocketsStatus } from '../sockets/socket-status.ts'
import {
  given,
  parseNumber,
  parseSwitch,
  remoteCommand,
  remoteOf,
  type Terminal,
} from './command-line.ts'
import { socketLines } from './socket-text.ts'

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** `socket`: shows the WebSocket Gateway, changes it, or breaks it. */
export function socketCommand(terminal: Terminal): Command {
  const command = new Command('socket')
    .description('show, change or break the WebSocket Gateway')
    .addCommand(statusCommand(terminal))
    .addCommand(sessionsCommand(terminal))
    .addCommand(setCommand(terminal))
    .addCommand(handshakesCommand(terminal))
  for (const kind of Object.keys(socketActions) as SocketAction['kind'][]) {
    if (kind !== 'handshakes') command.addCommand(actionCommand(kind, terminal))
  }
  return command
}

function statusCommand(terminal: Terminal): Command {
  return remoteCommand('status')
    .description('connections, sessions, upgrades and why they fail')
    .action(async (_options, self) => {
      const { admin, print } = remoteOf(self, terminal)
      const status = await admin.get<SocketsStatus>('/sockets')
      print(status, socketLines(status).join('\n'))
    })
}

function sessionsCommand(terminal: Terminal): Command {
  return remoteCommand('sessions')
    .description('each session, and the injected messages it was sent')
    .action(async (_options, self) => {
      const { admin, print } = remoteOf(self, terminal)
      const sessions = await admin.get<SessionStatus[]>('/sockets/sessions')
      const lines = sessions.map(({ id, shard, connected, seq, numbers }) => {
        const sent = numbers.map(([first, last]) => `${first}-${last}`).join(', ')
        return `${id} shard ${shard.join(' of ')} ${connected ? 'connected' : 'waiting'}, seq ${seq}, numbers ${sent || 'none'}`
      })
      print(sessions, lines.join('\n') || 'no sessions')
    })
}

function setCommand(terminal: Terminal): Command {
  const command = remoteCommand('set').description('change options while it runs')
  for (const [name, value] of Object.entries(defaultSocketOptions)) {
    // `--url` is the mock to talk to.
    if (name === 'url') continue
    if (typeof value === 'number') command.option(`--${kebab(name)} <n>`, name, parseNumber)
    else command.option(`--${kebab(name)} <on|off>`, name, parseSwitch)
  }
  return command.action(async ({ url: _, json: __, ...options }, self) => {
    const { admin, print } = remoteOf(self, terminal)
    const { options: now } = await admin.patch<{ options: SocketOptions }>(
      '/sockets',
      given(options),
    )
    const lines = Object.entries(now).map(([name, value]) => `${kebab(name)} ${value ?? 'none'}`)
    print(now, lines.join('\n'))
  })
}

function handshakesCommand(terminal: Terminal): Command {
  return remoteCommand('handshakes')
    .description('refuse upgrades with a status, or reset them; heal takes it back')
    .argument('<kind>', 'refuse or reset')
    .option('--status <code>', 'what a refusal answers', parseNumber)
    .option('--retry-after-ms <ms>', 'its Retry-After', parseNumber)
    .option('--share <ratio>', 'the part that is hit', parseNumber)
    .option('--count <n>', 'so many, then no more', parseNumber)
    .option('--for-ms <ms>', 'so long, then no more', parseNumber)
    .action(async (kind, { url: _, json: __, ...options }, self) => {
      await act(self, terminal, { kind: 'handshakes', fault: given({ kind, ...options }) })
    })
}

/** The kinds of action whose options are numbers, words or switches. */
function actionCommand(kind: SocketAction['kind'], terminal: Terminal): Command {
  const command = remoteCommand(kind)
  for (const key of Object.keys(socketActions[kind])) {
    const name = key.replace('!', '')
    const isText = ['reason', 'sessions', 'channel'].includes(name)
    if (name === 'resumable') command.option('--resumable', name)
    else if (isText) command.option(`--${kebab(name)} <text>`, name)
    else command.option(`--${kebab(name)} <n>`, name, parseNumber)
  }
  return command.action(async ({ url: _, json: __, ...options }, self) => {
    await act(self, terminal, { kind, ...given(options) })
  })
}

async function act(self: Command, terminal: Terminal, action: object): Promise<void> {
  const { admin, print } = remoteOf(self, terminal)
  const acted = await admin.post<Record<string, number>>('/sockets/actions', action)
  const told = Object.entries(acted).map(([name, value]) => `${name} ${value}`)
  print(acted, told.join(', '))
}
