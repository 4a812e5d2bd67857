import { Command } from 'commander'
import { measureThroughput } from '../backend/measure-throughput.ts'
import { type PresetName, presets } from '../backend/presets.ts'
import { kneeConcurrency, throughputPerSecond } from '../backend/scalability.ts'
import { type Scale, scaled } from '../backend/scaled.ts'
import { CommandError } from './admin-client.ts'
import type { Terminal } from './command-line.ts'
import { presetOption, scaleOption } from './start-command.ts'

/** `capacity`: what a preset serves at a scale, by formula and measured on virtual time. */
export function capacityCommand(terminal: Terminal): Command {
  return new Command('capacity')
    .description('what a backend serves, by formula and measured on virtual time')
    .addOption(presetOption())
    .addOption(scaleOption())
    .option('--json', 'write JSON')
    .action(
      ({
        preset: name,
        scale,
        json,
      }: {
        preset: PresetName | 'none'
        scale: Scale
        json?: boolean
      }) => {
        if (name === 'none') throw new CommandError('the preset none has no backend to measure', 2)
        const preset = scaled(presets[name], scale)
        const { database } = preset.backend
        const knee = kneeConcurrency(database)
        const full = database.poolSize
        const at = (concurrency: number) => ({
          concurrency,
          perSecond: throughputPerSecond(database, concurrency),
          measuredPerSecond: measureThroughput(database, concurrency),
        })
        const peak = at(knee)
        const degraded = at(full)
        const ratio = degraded.measuredPerSecond / peak.measuredPerSecond
        const queueWaitMs = (1_000 * database.queueDepth) / degraded.measuredPerSecond
        const { clientTimeoutMs, baseRate } = preset
        const { serviceMs, sigma, kappa } = database
        const line = (label: string, { concurrency, perSecond, measuredPerSecond }: typeof peak) =>
          `${label} X(${concurrency}) = ${perSecond.toFixed(1)}/s, measured ${measuredPerSecond.toFixed(1)}/s`
        terminal.out(
          json
            ? JSON.stringify(
                {
                  preset: name,
                  scale,
                  database,
                  peak,
                  degraded,
                  ratio,
                  queueWaitMs,
                  clientTimeoutMs,
                  baseRate,
                },
                undefined,
                2,
              )
            : [
                'X(n) = (n / s0) / (1 + σ(n − 1) + κn(n − 1))',
                `s0 = ${serviceMs.toFixed(2)} ms, σ = ${sigma.toPrecision(3)}, κ = ${kappa.toPrecision(3)}`,
                line('peak     ', peak),
                `${line('full pool', degraded)} (${ratio.toFixed(2)} of peak)`,
                `queue ${database.queueDepth}: a wait of ${Math.round(queueWaitMs)} ms against a client timeout of ${clientTimeoutMs} ms`,
                `normal load ${baseRate.toFixed(1)}/s (${(baseRate / peak.measuredPerSecond).toFixed(2)} of peak)`,
              ].join('\n'),
        )
      },
    )
}
