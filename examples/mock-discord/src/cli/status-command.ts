import type { Command } from 'commander'
import type { MockStatus } from '../admin/mock-status.ts'
import { parseNumber, remoteCommand, remoteOf, type Terminal } from './command-line.ts'
import { type Probe, statusText } from './status-text.ts'

/** `status`: one timed call, then what the mock knows of itself. */
export function statusCommand(terminal: Terminal): Command {
  return remoteCommand('status')
    .description('the state of the API, its limits, database, voice, and clients')
    .option('--probe <path>', 'the call that is timed', '/users/@me')
    .option('--timeout-ms <ms>', 'give the call up after', parseNumber, 35_000)
    .action(async ({ probe: path, timeoutMs }, command) => {
      const { admin, print } = remoteOf(command, terminal)
      await admin.get('/status')
      const probe = await timedCall(admin.url, path, timeoutMs)
      const status = await admin.get<MockStatus>('/status')
      print({ probe, ...status }, statusText(status, probe))
    })
}

async function timedCall(url: string, path: string, timeoutMs: number): Promise<Probe> {
  const startedMs = performance.now()
  let status: Probe['status']
  try {
    const response = await fetch(`${url}/api/v10${path}`, {
      headers: { authorization: 'Bot operator', 'x-client-id': 'operator-cli' },
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.arrayBuffer()
    status = response.status
  } catch (error) {
    status = (error as Error).name === 'TimeoutError' ? 'no answer' : 'failed'
  }
  return { path, status, durationMs: performance.now() - startedMs }
}
