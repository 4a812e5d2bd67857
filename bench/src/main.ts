import process from 'node:process'
import { readCommand } from './read-command.ts'
import { formatReport } from './report/format-report.ts'
import { describeMachine, formatMachine } from './report/machine.ts'
import type { Report } from './report/report.ts'

const { suites, rounds, json } = readCommand(process.argv)
const machine = describeMachine()
const reports: Report[] = []
if (!json) console.log(`# evenkeel beside its peers\n\n${formatMachine(machine)}`)
for (const suite of suites) {
  const report = await suite.run({ rounds, progress: (text) => console.error(text) })
  reports.push(report)
  if (!json) console.log(`\n${formatReport(report)}`)
}
if (json) console.log(JSON.stringify({ machine, reports }, undefined, 2))
