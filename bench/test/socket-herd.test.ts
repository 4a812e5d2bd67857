import { describe, expect, it } from 'vitest'
import { openFilesLimit } from '../src/herd-sockets/open-files.ts'
import { socketHerdTables } from '../src/herd-sockets/socket-herd-tables.ts'

describe('socketHerdTables', () => {
  const opensAtMs = [0, 50, 99, 100, 1000, 1001, 1002, 2000, 2500, 3000]

  it('say what the server saw open at once, and when so many of the clients were back', () => {
    const [table, bars] = socketHerdTables(10, [['a', { opensAtMs, dialsWhileDown: 25, back: 10 }]])
    expect(table?.rows).toEqual([['a', 2.5, '3', '6', 1, 3, 3]])
    expect(bars?.rows).toEqual([['a', `\`█ █ ▄▄▄${' '.repeat(53)}\``]])
  })

  it('say how many are back where some are not', () => {
    const [table] = socketHerdTables(12, [['a', { opensAtMs, dialsWhileDown: 0, back: 9 }]])
    expect(table?.rows).toEqual([['a', 0, '3', '6', 1.001, undefined, 'only 9']])
  })
})

it('openFilesLimit is what a herd has to fit into', () => {
  expect(openFilesLimit()).toBeGreaterThan(100)
})
