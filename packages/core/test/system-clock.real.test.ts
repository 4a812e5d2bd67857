import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const cwd = fileURLToPath(new URL('..', import.meta.url))

/** What a Node process prints that runs `code` and is left to end by itself. */
async function run(code: string): Promise<string> {
  const imports =
    "import { backgroundClock, run, sleep, systemClock, timeout } from '@evenkeel/core'\n"
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@evenkeel/source', '--input-type=module', '-e', imports + code],
    { cwd, timeout: 20_000, env: { ...process.env, NODE_OPTIONS: '' } },
  )
  expect(stderr).toBe('')
  return stdout
}

test('a process lives as long as something waits', async () => {
  expect(await run("sleep(50).then(() => console.log('slept'))")).toBe('slept\n')
})

test('a process ends when nothing waits any more, far timeouts or not', async () => {
  const code = `
    await run(timeout(3_600_000), async () => console.log('done'))
    systemClock.scheduleAt(systemClock.now() + 3_600_000, () => {}).cancel()`
  expect(await run(code)).toBe('done\n')
})

test('a process does not live for what waits in the background', async () => {
  const code = `
    backgroundClock.scheduleAt(backgroundClock.now() + 3_600_000, () => {})
    console.log('done')`
  expect(await run(code)).toBe('done\n')
})

test('a process that had nothing to wait for lives on with the next wait', async () => {
  const code = `
    await run(timeout(3_600_000), async () => {})
    setImmediate(() => systemClock.scheduleAt(systemClock.now() + 50, () => console.log('woke')))`
  expect(await run(code)).toBe('woke\n')
})

test('a later wait behind a cancelled one keeps the process alive too', async () => {
  const code = `
    systemClock.scheduleAt(systemClock.now() + 20, () => {}).cancel()
    systemClock.scheduleAt(systemClock.now() + 80, () => console.log('woke'))`
  expect(await run(code)).toBe('woke\n')
})

test('a callback that held the process up leaves no warning about negative delays', async () => {
  const code = `
    systemClock.scheduleAt(systemClock.now() + 10, () => {
      for (const end = performance.now() + 40; performance.now() < end; );
    })
    systemClock.scheduleAt(systemClock.now() + 20, () => console.log('late'))`
  expect(await run(code)).toBe('late\n')
})

test('a timeout alone keeps no process alive, and a wait later than it does', async () => {
  expect(
    await run('process.exitCode = 0; void run(timeout(3_600_000), () => new Promise(() => {}))'),
  ).toBe('')
  const code = `
    void run(timeout(30), () => new Promise(() => {})).catch(({ code }) => console.log(code))
    systemClock.scheduleAt(systemClock.now() + 80, () => console.log('woke'))`
  expect(await run(code)).toBe('TIMEOUT\nwoke\n')
})
