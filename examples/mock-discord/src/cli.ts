#!/usr/bin/env -S node --conditions=@evenkeel/source
import logUpdate from 'log-update'
import { runCli } from './cli/run-cli.ts'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  stopped: stop.signal,
  hasColours: process.stdout.hasColors?.(),
  ...(process.stdout.isTTY && { redraw: logUpdate }),
})
