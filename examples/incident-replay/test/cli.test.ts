import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readCli } from '../src/cli.ts'

let told = ''
beforeEach(() => {
  told = ''
  const listen = (text: string | Uint8Array) => {
    told += text
    return true
  }
  vi.spyOn(process.stderr, 'write').mockImplementation(listen)
  vi.spyOn(process.stdout, 'write').mockImplementation(listen)
})
afterEach(() => vi.restoreAllMocks())

describe('the command line', () => {
  it('runs all worlds on seed 1 by default', () => {
    const { worlds, ...rest } = readCli([])
    expect(worlds.map(({ name }) => name)).toEqual(['fixed-delay', 'p-retry', 'evenkeel'])
    expect(rest).toEqual({
      seed: 1,
      quick: false,
      report: 'reports/incident-replay.html',
      json: false,
      stay: false,
    })
  })

  it('takes worlds by name, and shows them in their own order', () => {
    const { worlds } = readCli(['--worlds', 'evenkeel, fixed-delay'])
    expect(worlds.map(({ name }) => name)).toEqual(['fixed-delay', 'evenkeel'])
  })

  it.each([
    [['--seed', '1.5'], 'It must be a whole number ≥ 0, as in --seed 7.'],
    [['--seed', '-1'], 'It must be a whole number ≥ 0, as in --seed 7.'],
    [['--worlds', 'axios'], 'There is no world "axios"; there are fixed-delay, p-retry, evenkeel.'],
    [['--speed'], "unknown option '--speed'"],
    [['now'], 'too many arguments'],
  ])('says what is wrong with %j', (argv, message) => {
    expect(() => readCli(argv)).toThrow()
    expect(told).toContain(message)
  })

  it('explains itself, exit codes included', () => {
    expect(() => readCli(['--help'])).toThrow()
    expect(told).toContain('Usage: incident-replay')
    expect(told).toContain('Exits with 0')
  })
})
