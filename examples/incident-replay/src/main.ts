import { once } from 'node:events'
import process from 'node:process'
import { CommanderError } from 'commander'
import { type CliOptions, readCli } from './cli.ts'
import { exitCode } from './exit-code.ts'
import { livePage } from './live/live-page.ts'
import { serveLive } from './live/live-server.ts'
import { Recording } from './live/recording.ts'
import { runDemo } from './run-demo.ts'
import { scenarios } from './scenario/scenario.ts'
import { shapeOf } from './scenario/shape.ts'
import { Timeline } from './scenario/timeline.ts'
import { introduction } from './terminal/introduction.ts'
import { createProgress } from './terminal/progress.ts'
import { summary } from './terminal/summary.ts'

async function main({ json, stay, ...options }: CliOptions): Promise<number> {
  const recording = new Recording()
  if (json) {
    const { report } = await runDemo(options, recording)
    console.log(JSON.stringify(report, undefined, 2))
    return exitCode(report)
  }
  const { quick, worlds } = options
  const scenario = scenarios[quick ? 'quick' : 'full']
  const live = await serveLive(livePage(scenario, worlds), recording)
  try {
    console.log(`Live: ${live.url}`)
    console.log(introduction(scenario, worlds))
    const queueDepth = shapeOf(scenario.scale).queueDepth
    const progress = createProgress(new Timeline(scenario.phases), queueDepth)
    const { report, path } = await runDemo(options, recording, progress)
    console.log(`\n${summary(report)}\n\nReport: ${path}\n`)
    if (stay) {
      console.log(`The live page stays at ${live.url} until Ctrl-C.`)
      await once(process, 'SIGINT')
    }
    return exitCode(report)
  } finally {
    await live.close()
  }
}

try {
  process.exitCode = await main(readCli(process.argv.slice(2)))
} catch (error) {
  // What was wrong with the command line has been told by its reader.
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else {
    console.error(`incident-replay: ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}
