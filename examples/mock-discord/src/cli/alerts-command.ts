import { userInfo } from 'node:os'
import type { Command } from 'commander'
import type { Alert } from '../cascade/alert.ts'
import type { CascadeStatus } from '../cascade/cascade-monitor.ts'
import { CommandError } from './admin-client.ts'
import { alertLine } from './alert-text.ts'
import { given, parseWhole, remoteCommand, remoteOf, type Terminal } from './command-line.ts'
import { painter } from './status/look.ts'

/** `alerts`: shows what operators are alerted of, or takes some of it on. */
export function alertsCommand(terminal: Terminal): Command {
  const paint = painter(terminal.hasColours ?? false)
  return remoteCommand('alerts')
    .description('show alerts and who has them')
    .option('--history <n>', 'so many of those that are over', parseWhole, 5)
    .action(async ({ history: shown }, command) => {
      const { admin, print } = remoteOf(command, terminal)
      const { verdict, alerts, history } = await admin.get<CascadeStatus>('/alerts')
      const over = history.slice(0, shown)
      const nowMs = Date.now()
      const lines = [...alerts, ...over].map((alert) => alertLine(alert, nowMs, paint))
      const summary = alerts.length === 0 ? `${verdict}, no alerts` : verdict
      print({ verdict, alerts, history: over }, [summary, ...lines].join('\n'))
    })
    .addCommand(
      remoteCommand('ack')
        .description('take alerts on, so that nobody else is woken')
        .argument('<id...>', 'their numbers, as `alerts` and `status` show them')
        .option('--by <name>', 'who takes them on', userInfo().username)
        .option('--why <text>', 'what you do about them')
        .action(async (ids: readonly string[], { by, why }, command) => {
          const { admin, print } = remoteOf(command, terminal)
          const acknowledgement = { by, ...given({ why }) }
          const taken: Alert[] = []
          try {
            for (const id of ids.map(parseId)) {
              taken.push(await admin.post<Alert>(`/alerts/${id}/acknowledgement`, acknowledgement))
            }
          } finally {
            // Those before the one that failed are taken.
            const nowMs = Date.now()
            const lines = taken.map((alert) => alertLine(alert, nowMs, paint))
            if (taken.length > 0) print(taken, lines.join('\n'))
          }
        }),
    )
}

/** Takes `#3` too, which is how alerts are shown. */
function parseId(text: string): number {
  const [, digits] = /^#?(\d{1,15})$/.exec(text) ?? []
  if (digits === undefined) throw new CommandError(`${text} is no number of an alert`, 2)
  return Number(digits)
}
