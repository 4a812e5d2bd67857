import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import type { MockStatus } from '../../admin/mock-status.ts'
import { parseNumber, remoteCommand, remoteOf, type Terminal } from '../command-line.ts'
import { Prober } from './probe.ts'
import { statusPage } from './status-page.ts'

const defaultSeconds = 2

/** `status`: one timed call, then what the mock knows of itself. */
export function statusCommand(terminal: Terminal): Command {
  return remoteCommand('status')
    .description('how the API, its limits, database, connections, voice and clients are')
    .option('--watch [seconds]', 'again and again, until Ctrl-C', parseSeconds)
    .option('--probe <path>', 'the call that is timed', '/users/@me')
    .option('--timeout-ms <ms>', 'give the call up after', parseNumber, 35_000)
    .action(async ({ probe: path, timeoutMs, watch, json }, command) => {
      const { admin, print } = remoteOf(command, terminal)
      const prober = new Prober(admin.url, path, timeoutMs, terminal.stopped)
      if (watch === undefined) {
        await admin.get('/status')
        const probe = await prober.look(timeoutMs + 1_000)
        const status = await admin.get<MockStatus>('/status')
        print({ probe, ...status }, statusPage(status, probe, terminal.hasColours))
        return
      }
      const intervalMs = 1_000 * (watch === true ? defaultSeconds : watch)
      while (!terminal.stopped.aborted) {
        const probe = await prober.look(intervalMs)
        const status = await admin.get<MockStatus>('/status')
        if (json) terminal.out(JSON.stringify({ probe, ...status }))
        else (terminal.redraw ?? terminal.out)(statusPage(status, probe, terminal.hasColours))
        await sleep(intervalMs, undefined, { signal: terminal.stopped }).catch(() => undefined)
      }
    })
}

function parseSeconds(text: string): number {
  const seconds = parseNumber(text)
  if (seconds > 0 && seconds < 3_600) return seconds
  throw new InvalidArgumentError('Not a number of seconds above 0 and below 3600.')
}
