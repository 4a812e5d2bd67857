import { overheadTable, raceSuite } from './race-suite.ts'

export const mockedFetch = raceSuite({
  name: 'mocked-fetch',
  title: 'around a fetch without a network, Response and json() included',
  notes: ['One call after the other. × is to the bare mock: what a wrapper adds to a fetch.'],
  races: ['mocked-fetch'],
  rounds: 25,
  batchMs: 60,
  overHttp: false,
  toTable: (_race, results) => overheadTable('ns', results),
})
