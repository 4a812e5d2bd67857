import { overheadTable, raceSuite } from './race-suite.ts'

export const policies = raceSuite({
  name: 'policies',
  title: 'policies over an async function that resolves at once',
  notes: [
    'One call after the other, nothing fails. × is to bare: what a policy costs where there is nothing to do.',
  ],
  races: ['policies'],
  rounds: 25,
  batchMs: 40,
  overHttp: false,
  toTable: (_race, results) => overheadTable('ns', results),
})
