import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, InvalidArgumentError } from 'commander'
import type { MockStatus } from '../../admin/mock-status.ts'
import { CommandError } from '../admin-client.ts'
import { parseNumber, remoteCommand, remoteOf, type Terminal } from '../command-line.ts'
import { Prober } from './probe.ts'
import { gonePage, statusPage } from './status-page.ts'

const defaultSeconds = 2

/** `status`: one timed call, then what the mock knows of itself. */
export function statusCommand(terminal: Terminal): Command {
  return remoteCommand('status')
    .description('how the API, its limits, database, connections, voice and clients are')
    .option('--watch [seconds]', 'again and again, until Ctrl-C', parseSeconds)
    .option('--probe <path>', 'the call that is timed', '/users/@me')
    .option('--timeout-ms <ms>', 'give the call up after', parseTimeout, 35_000)
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
      const draw = terminal.redraw ?? terminal.out
      let seenMs: number | undefined
      while (!terminal.stopped.aborted) {
        const probe = await prober.look(intervalMs)
        try {
          const status = await admin.get<MockStatus>('/status')
          seenMs = performance.now()
          if (json) terminal.out(JSON.stringify({ probe, ...status }))
          else draw(statusPage(status, probe, terminal.hasColours))
        } catch (error) {
          // Whoever watches a server wants to see it go, and come back.
          if (seenMs === undefined || !(error instanceof CommandError && error.exitCode === 3))
            throw error
          const { message } = error
          if (json) terminal.out(JSON.stringify({ probe, error: message }))
          else draw(gonePage(message, performance.now() - seenMs, terminal.hasColours))
        }
        await sleep(intervalMs, undefined, { signal: terminal.stopped }).catch(() => undefined)
      }
    })
}

function parseSeconds(text: string): number {
  const seconds = parseNumber(text)
  if (seconds > 0 && seconds < 3_600) return seconds
  throw new InvalidArgumentError('Not a number of seconds above 0 and below 3600.')
}

/** The longest that a timer of the platform waits, with a second to spare. */
const longestMs = 2 ** 31 - 1_001

function parseTimeout(text: string): number {
  const timeoutMs = parseNumber(text)
  if (timeoutMs > 0) return Math.min(timeoutMs, longestMs)
  throw new InvalidArgumentError('Not a time above 0.')
}
