import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('a batch that never comes back keeps no process alive', async () => {
  const code = `
    import { batch } from '@evenkeel/batch'
    process.once('exit', () => { process.exitCode = 0 })
    batch(async () => { console.log('loading'); return new Promise(() => {}) }).load('a')`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@evenkeel/source', '--input-type=module', '-e', code],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), timeout: 20_000 },
  )
  expect(stdout).toBe('loading\n')
})
