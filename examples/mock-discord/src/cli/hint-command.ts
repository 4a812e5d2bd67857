import type { Command } from 'commander'
import type { FleetHintOptions } from '../hint/fleet-hint-options.ts'
import type { FleetHintStatus } from '../hint/fleet-hints.ts'
import { given, parseNumber, remoteCommand, remoteOf, type Terminal } from './command-line.ts'
import { percent } from './units.ts'

type Hint = FleetHintOptions & { readonly now: FleetHintStatus }

/** `hint`: shows what is asked of the whole fleet, or changes it. */
export function hintCommand(terminal: Terminal): Command {
  return remoteCommand('hint')
    .description('show what is asked of all clients at once, or change it')
    .option('--on', 'publish a level on every reply, on the Gateway and as a document')
    .option('--off', 'publish none')
    .option('--level <0-3>', 'set it by hand; none lets it follow the load again', parseNumber)
    .option('--capacity <n>', 'requests a second that can be served, or none', parseNumber)
    .option('--target <ratio>', 'the share of that to aim for', parseNumber)
    .option('--ttl-ms <ms>', 'how long clients may believe it', parseNumber)
    .action(async ({ on, off, level, capacity, target, ttlMs }, command) => {
      const patch = given({
        enabled: off ? false : on,
        level,
        capacityPerSecond: capacity,
        targetRatio: target,
        ttlMs,
      })
      const { admin, print } = remoteOf(command, terminal)
      const hint =
        Object.keys(patch).length > 0
          ? await admin.patch<Hint>('/fleet-hint', patch)
          : await admin.get<Hint>('/fleet-hint')
      print(hint, describe(hint))
    })
}

function describe({ now, targetRatio, level }: Hint): string {
  if (!now.enabled) return 'no fleet hint is published'
  const { critical, important, deferred } = now.admitted
  return [
    `Fleet-Hint: ${now.field}${level === null ? '' : ' (set by hand)'}`,
    `asks for ${percent(critical)} of critical, ${percent(important)} of important, ${percent(deferred)} of deferred calls`,
    `aims at ${percent(targetRatio)} of ${now.capacityPerSecond.toFixed(1)} requests a second`,
  ].join('\n')
}
